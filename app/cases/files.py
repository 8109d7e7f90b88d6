"""The files that people hand in: what is taken, what is refused, and where it is kept."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from PIL import Image

import config
from app.errors import RedressError

LARGEST: Final = 20 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
LONGEST_NAME: Final = 120
MEDIA_TYPES: Final = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
_IMAGES: Final = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
_ENDS: Final = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}

_END: Final = rb"(?=[\x00\s()<>\[\]{}/%]|$)"
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|AA|XFA|RichMedia|Encrypt)"
    + _END
    + rb"|/OpenAction(?![\x00\s]*\[)"  # an array is only a place to open at, no action
)
_TELLING: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?)" + _END)
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"(?<=>)[\x00\s]{0,9}stream\r?\n")


class TooLarge(RedressError):  # noqa: N818 -- reads as what happened
    """A file, or a picture in it, is larger than can be taken."""

    status = 413
    title = "文件太大"


class UnknownKind(RedressError):  # noqa: N818 -- reads as what happened
    """A file is none of the kinds that are taken, whatever its name says."""

    status = 415
    title = "不支持这种文件"


class Lost(Exception):  # noqa: N818 -- reads as what happened
    """A file that was taken is not there any more, or is not what it was."""


@dataclass(frozen=True)
class Taken:
    """A file that has been looked through; `name` is how people called it, never a path."""

    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Under which it is kept."""
        return hashlib.sha256(self.data).hexdigest()


def looked_through(name: str, data: bytes) -> Taken:
    """A file of one of the kinds we take, by its content and by its name.

    Raises TooLarge beyond `LARGEST` bytes or `MOST_PIXELS`, UnknownKind for anything but a quiet
    PDF, a JPEG or a PNG, or where the name promises another kind.
    """
    if len(data) > LARGEST:
        message = f"文件不能超过{LARGEST // 1024 // 1024}MB。"
        raise TooLarge(message)
    name = clean_name(name)
    suffix = PurePosixPath(name).suffix.casefold()
    if suffix not in MEDIA_TYPES:
        message = "只接受PDF、JPG、PNG文件，文件名应以.pdf、.jpg或者.png结尾。"
        raise UnknownKind(message)
    if suffix == ".pdf":
        _check_pdf(data)
    else:
        _check_image(data, _IMAGES[suffix])
    return Taken(name, MEDIA_TYPES[suffix], data)


def clean_name(name: str) -> str:
    """The name as data: NFC, without folders and invisible characters, at most 120 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(
        sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " "
    )
    stem, dot, suffix = shown.strip().rpartition(".")
    if not dot:
        return shown.strip()[:LONGEST_NAME]
    suffix = suffix.strip()[:10]
    return f"{stem.strip()[: LONGEST_NAME - len(suffix) - 1] or '附件'}.{suffix}"


def store(file: Taken) -> None:
    """Put a file in its place; after this returns it survives a power cut.

    Before the row that names it is committed: a file that no row names does no harm.
    """
    final = path(file.sha256)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = final.with_name(f".{final.name}.{secrets.token_hex(8)}")
    try:
        _write(draft, file.data)
        draft.replace(final)
    finally:
        draft.unlink(missing_ok=True)
    sync(final.parent)


def read(sha256: str) -> bytes:
    """The file kept under this hash, unchanged; raises Lost where it is not."""
    try:
        data = path(sha256).read_bytes()
    except FileNotFoundError:
        raise Lost(sha256) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Lost(sha256)
    return data


def path(sha256: str) -> Path:
    """Where the file with this hash is kept."""
    return config.current().data_dir / "files" / sha256


def _check_pdf(data: bytes) -> None:
    """By bytes alone: a document is taken only if it says nothing of acting or hiding."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        message = "这不是完整的PDF文件，请重新导出后上传。"
        raise UnknownKind(message)
    said = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), _outside_streams(data))
    if _ACTIVE.search(said) or _TELLING.search(data):
        message = "PDF文件加密，或者含有脚本、附件、表单等活动内容，请另存为普通PDF后上传。"
        raise UnknownKind(message)


def _outside_streams(data: bytes) -> bytes:
    """A PDF without the content of its streams, where compressed bytes may look like anything."""
    parts, here = [], 0
    while stream := _STREAM.search(data, here):
        end = data.find(b"endstream", stream.end())
        if end < 0:
            break
        parts.append(data[here : stream.end()])
        here = end
    return b"".join([*parts, data[here:]])


def _check_image(data: bytes, kind: str) -> None:
    """Measured before it is decoded."""
    try:
        pixels = _pixels(data, kind)
        if pixels <= MOST_PIXELS:
            _decode(data, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pixels = MOST_PIXELS + 1
    except Exception:  # noqa: BLE001 -- whatever Pillow makes of a stranger's bytes, it is no image
        message = "图片无法打开，或者内容与文件名的后缀不符。"
        raise UnknownKind(message) from None
    if pixels > MOST_PIXELS:
        message = f"图片不能超过{MOST_PIXELS // 10_000}万像素。"
        raise TooLarge(message)


def _pixels(data: bytes, kind: str) -> int:
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        return image.width * image.height


def _decode(data: bytes, kind: str) -> None:
    """Every part is there and whole; of a JPEG an eighth of its size is decoded."""
    if not data.rstrip(b"\x00").endswith(_ENDS[kind]):
        # Pillow would tell, but WeasyPrint lets it pass over what is missing, for all of a process.
        message = "the end is missing"
        raise ValueError(message)
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        image.verify()
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        image.draft("L", (image.width // 8, image.height // 8))
        image.load()


def _write(draft: Path, data: bytes) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
