"""Commands on notices: is a file ours, can they be drawn again, are the fonts in their place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.db import db
from app.notices import drawing, files, genuine
from app.notices.genuine import Finding
from app.notices.models import Notice, NoticeFile
from app.typesetting import faces

notices = AppGroup("notices", help="Formal notices and their files.")

TOLD: Final = {
    Finding.IN_FORCE: "genuine: ours, unchanged and in force",
    Finding.ENDED: "not in force any more: ours and unchanged, but {status} since {until}",
    Finding.CHANGED: "changed: this is not the file that was issued",
    Finding.UNKNOWN: "unknown: no notice of ours",
}


@notices.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Say whether FILE is a notice of ours, unchanged and in force; exit status 1 where it is not."""
    verdict = genuine.of_file(file.read_bytes())
    click.echo(TOLD[verdict.finding].format(status=verdict.status, until=verdict.until))
    if verdict.number:
        click.echo(f"{verdict.number} {verdict.title}, {verdict.issuer}, {verdict.issued_on}")
    if verdict.replaced_by:
        click.echo(f"replaced by {verdict.replaced_by}")
    if verdict.finding is not Finding.IN_FORCE:
        raise SystemExit(1)


@notices.command()
@click.option("--last", default=1000, show_default=True, help="How many, the newest first.")
def redraw(last: int) -> None:
    """Draw notices again and compare them byte by byte; exit status 1 where one differs.

    Those that were drawn with other fonts or another renderer are counted and not compared: their
    files stay as they are.
    """
    fonts, counts = faces.digest(), dict.fromkeys(("same", "other fonts or renderer", "differ"), 0)
    renderer = ""
    for notice, made_with in _drawn(last):
        again = drawing.made(notice) if made_with.fonts == fonts else None
        renderer = again.renderer if again else renderer
        if again is None or again.renderer != made_with.renderer:
            counts["other fonts or renderer"] += 1
        elif again.drawn_sha256 == made_with.drawn_sha256:
            counts["same"] += 1
        else:
            counts["differ"] += 1
            click.echo(f"differs: {notice.number}")
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    if counts["differ"]:
        raise SystemExit(1)


def _drawn(last: int) -> list[tuple[Notice, NoticeFile]]:
    statement = sa.select(Notice, NoticeFile).join(NoticeFile, NoticeFile.notice_id == Notice.id)
    newest = statement.order_by(Notice.id.desc()).limit(last)
    return [(row[0], row[1]) for row in db.session.execute(newest)]


@notices.command()
def missing() -> None:
    """Name the notices whose file is gone or was changed; exit status 1 where there is one."""
    gone = 0
    drawn = sa.select(Notice.id, Notice.number, Notice.sha256).where(Notice.sha256.is_not(None))
    for row in db.session.execute(drawn.order_by(Notice.id)).yield_per(1000):
        if files.read(row.id, row.sha256) is None:
            gone += 1
            click.echo(f"missing or changed: {row.number}")
    click.echo(f"{gone} missing or changed")
    if gone:
        raise SystemExit(1)


@notices.command()
def fonts() -> None:
    """Say which fonts stand for the typefaces of official documents."""
    for name, told in faces.prepared()["faces"].items():
        own = told["whose"] == "own"
        said = "the office's own" if own else "an open font; the licensed one is missing"
        click.echo(f"{name}: {told['family']} ({said})")
