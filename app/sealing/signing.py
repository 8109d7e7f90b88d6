"""Putting a seal on a finished PDF: what was drawn stays the first part of the file, untouched."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.stamp import StaticContentStamp, StaticStampStyle

from app.sealing import picture
from app.typesetting.pages import Place

FIELD: Final = "Seal"
_PAGE_HEIGHT: Final = 297.0
"""Millimetres, of A4."""


def sealed(
    pdf: bytes, signer: signers.Signer, place: Place, *, name: str, below: str, at: datetime
) -> bytes:
    """The file with a seal whose middle is at `place`; the same bytes for the same arguments.

    `at` is the moment that the signature tells (with a time zone). With keys whose signatures are
    random (ECDSA, PSS) the last part differs each time.
    """
    side = picture.DIAMETER * picture.POINTS
    left = (place.x - picture.DIAMETER / 2) * picture.POINTS
    foot = (_PAGE_HEIGHT - place.y - picture.DIAMETER / 2) * picture.POINTS
    box: Any = (left, foot, left + side, foot + side)  # its types want whole points
    field = SigFieldSpec(
        FIELD,
        on_page=place.page,
        box=box,
        readable_field_name="印章",
    )
    sealing = _At(
        at,
        signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=name,
        ),
        signer=signer,
        stamp_style=_stamp(name, below, side),
        new_field_spec=field,
    )
    out = io.BytesIO()
    sealing.sign_pdf(_Appended(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def _stamp(name: str, below: str, side: float) -> _Seal:
    content = RawContent(picture.drawn(name, below), box=BoxConstraints(width=side, height=side))
    return _Seal(background=content, background_opacity=1, border_width=0)


@dataclass(frozen=True)
class _Seal(StaticStampStyle):
    """The picture of a seal, compressed."""

    def create_stamp(self, writer: Any, box: Any, text_params: Any) -> Any:
        del text_params
        return _Compressed(writer=writer, style=self, box=box)


class _Compressed(StaticContentStamp):
    def as_form_xobject(self) -> Any:
        form: Any = super().as_form_xobject()
        form.compress()
        return form


class _Appended(IncrementalPdfFileWriter):
    """Changes nothing of what the file says of itself, and names its new state after the old one.

    pyHanko would name it by chance and write the present moment into it.
    """

    def _update_meta(self) -> None:
        pass

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> Any:
        first = prev.trailer["/ID"][0]
        second = hashlib.sha256(b"sealed" + bytes(first.original_bytes)).digest()[:16]
        return generic.ArrayObject([first, generic.ByteStringObject(second)])


class _At(signers.PdfSigner):
    """Signs at a moment that it is told."""

    def __init__(self, at: datetime, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._moment = at

    def init_signing_session(self, *args: Any, **more: Any) -> Any:
        session = super().init_signing_session(*args, **more)
        session.system_time = self._moment
        return session
