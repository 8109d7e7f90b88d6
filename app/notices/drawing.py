"""The file of a notice: drawn from what was issued, sealed, and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, transaction
from app.errors import RedressError
from app.notices import files
from app.notices.carried import carried
from app.notices.models import Notice, NoticeFile, StyleSheet
from app.notices.render import STYLE
from app.people.models import Unit
from app.sealing import keys, signing
from app.typesetting import drawing as typesetting, faces
from app.typesetting.pages import Page, Place

SEAL: Final = "seal"
"""The element of a page over whose place the seal of the issuing unit is put."""


class DrawnDifferently(RedressError):  # noqa: N818 -- reads as what happened
    """The file of a notice cannot be made again byte by byte: fonts or renderer have changed."""

    status = 500
    title = "文书的文件缺失"

    def __init__(self, notice_id: int) -> None:
        super().__init__(
            f"这份文书（编号 {notice_id}）的文件缺失或者被改动过，而字体、排版程序或者印章已经更换，"
            "不能再生成与原来一致的文件。请联系系统管理员从备份中恢复。"
        )


@dataclass(frozen=True, kw_only=True)
class File:
    """A finished file. The first `drawn_size` bytes are what was drawn, the rest is the seal."""

    data: bytes = field(repr=False)
    drawn_size: int
    style: str = field(repr=False)
    fonts: str
    renderer: str
    certificate: str | None

    @property
    def sha256(self) -> str:
        """The SHA-256 of the whole."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def drawn_sha256(self) -> str:
        """The SHA-256 without the seal."""
        return hashlib.sha256(self.data[: self.drawn_size]).hexdigest()


def draw(notice: Notice) -> bytes:
    """The PDF of a notice: its file, or drawn and sealed now where there is none.

    Outside of any transaction: it writes a file, then what was drawn in a transaction of its own.
    Raises DrawnDifferently, app.typesetting.drawing.Undrawable.
    """
    already = kept(notice)
    if already is not None:
        return already
    notice_id = notice.id
    file = drawn(notice)
    with transaction():
        keep(notice_id, file)
    return file.data


def kept(notice: Notice) -> bytes | None:
    """The file of a notice, where it is there and unchanged."""
    return files.read(notice.id, notice.sha256)


def drawn(notice: Notice) -> File:
    """A file of a notice, drawn and published now; writes nothing to the database.

    Raises DrawnDifferently where the file was made once, is gone and comes out otherwise.
    """
    file = made(notice)
    if notice.sha256 not in {None, file.sha256}:
        raise DrawnDifferently(notice.id)
    files.publish(notice.id, file.data)
    return file


def paper(html: str, identifier: str, on: date) -> bytes:
    """A page that is no notice, but looks like one: a PDF that nobody keeps. Raises Undrawable."""
    style = STYLE.read_text(encoding="utf-8")
    return typesetting.draw(Page(html=html, style=style, identifier=identifier, on=on)).pdf


def made(notice: Notice) -> File:
    """The file of a notice as it comes out now, with the style sheet that it had; keeps nothing."""
    style = _style_of(notice) or STYLE.read_text(encoding="utf-8")
    page = Page(
        html=notice.html,
        style=style,
        identifier=notice.number,
        on=notice.issued_on,
        data=carried(notice.context, notice.html),
    )
    sheet = typesetting.draw(page)
    seal = sheet.places.get(SEAL)
    data, certificate = _sealed(notice, sheet.pdf, seal) if seal else (sheet.pdf, None)
    return File(
        data=data,
        drawn_size=len(sheet.pdf),
        style=style,
        fonts=faces.digest(),
        renderer=sheet.renderer,
        certificate=certificate,
    )


def keep(notice_id: int, file: File) -> None:
    """Remember what a file was made with, once; inside a transaction.

    Two that draw at the same time come to the same bytes, so the first to say so suffices. Raises
    DrawnDifferently where they do not.
    """
    first = (
        sa.update(Notice)
        .where(Notice.id == notice_id, Notice.sha256.is_(None))
        .values(sha256=file.sha256, drawn_at=clock.now())
        .returning(Notice.id)
    )
    if db.session.execute(first).first() is not None:
        db.session.add(_row(notice_id, file))
    elif db.session.scalar(sa.select(Notice.sha256).where(Notice.id == notice_id)) != file.sha256:
        raise DrawnDifferently(notice_id)


def _row(notice_id: int, file: File) -> NoticeFile:
    return NoticeFile(
        notice_id=notice_id,
        style_sheet_id=_sheet_id(file.style),
        fonts=file.fonts,
        renderer=file.renderer,
        drawn_sha256=file.drawn_sha256,
        drawn_size=file.drawn_size,
        certificate=file.certificate,
    )


def _sheet_id(text: str) -> int:
    """The key of a style sheet, which is kept with the first notice that is drawn with it."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    row = {"sha256": sha256, "text": text}
    insert_unless_there(StyleSheet, row)
    key = sa.select(StyleSheet.id).where(StyleSheet.sha256 == sha256)
    return db.session.scalars(key).one()


def _style_of(notice: Notice) -> str | None:
    of_file = sa.select(StyleSheet.text).join(NoticeFile)
    return db.session.scalars(of_file.where(NoticeFile.notice_id == notice.id)).one_or_none()


def _sealed(notice: Notice, pdf: bytes, place: Place) -> tuple[bytes, str | None]:
    """The file with the seal of whoever issued the notice, where that unit has a key."""
    issuer = db.session.get_one(Unit, notice.issuer_id)
    signer = keys.signer_of(issuer.code)
    if signer is None:
        return pdf, None
    at = datetime.fromisoformat(notice.context["notice"]["issued_at"]).replace(
        tzinfo=clock.SHANGHAI
    )
    below = keys.said_below()
    data = signing.sealed(pdf, signer, place, name=issuer.name, below=below, at=at)
    return data, keys.fingerprint(signer)
