"""The files that units hand in: what is taken at the door, and where it is kept."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

import config
from app.cases.files import TooLarge, UnknownKind, clean_name, sync
from app.errors import Invalid

LARGEST: Final = 200 * 2**20
"""Bytes; a line of the export of 2018 has some 600, so some 300,000 lines."""
SPLIT: Final = "请把文件拆成几份，每份第一行都保留表头，再分次报送。"
"""The way out where a file is larger."""
SUFFIXES: Final = (".csv", ".xlsx", ".xml")

_CHUNK: Final = 2**20
_NO_TABLES: Final = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept; `name` is how people call it, never a path."""

    name: str
    sha256: str
    size: int


def keep(name: str, stream: IO[bytes]) -> Kept:
    """Keep a file under its SHA-256; after this returns it survives a power cut.

    Raises UnknownKind for what is no table by name or first bytes, Invalid for an empty file and
    one without a name, TooLarge beyond `LARGEST` bytes. Whether it can be read is told by whoever
    reads it: that takes time.
    """
    name = _checked_name(name)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{secrets.token_hex(16)}"
    try:
        sha256, size = _copy(stream, draft)
        draft.replace(path(sha256))
    finally:
        draft.unlink(missing_ok=True)
    sync(folder)
    return Kept(name, sha256, size)


def path(sha256: str) -> Path:
    """Where the file with this hash is kept."""
    return _folder() / sha256


def _folder() -> Path:
    return config.current().data_dir / "imports"


def _checked_name(name: str) -> str:
    name = clean_name(name)
    if not name:
        raise Invalid({"file": "请选择要报送的文件。"})
    suffix = PurePosixPath(name).suffix.casefold()
    if suffix not in SUFFIXES:
        way_out = "旧版 Excel 文件请先另存为 .xlsx。" if suffix == ".xls" else ""
        message = f"只接受 CSV、XLSX、XML 文件，文件名应以 .csv、.xlsx 或者 .xml 结尾。{way_out}"
        raise UnknownKind(message)
    return name


def _copy(stream: IO[bytes], draft: Path) -> tuple[str, int]:
    """Hash and size of what was written."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := stream.read(_CHUNK):
            if size == 0:
                _refuse_other_kinds(chunk)
            size += len(chunk)
            if size > LARGEST:
                message = f"文件不能超过{LARGEST >> 20}MB，请拆分后分次报送。"
                raise TooLarge(message)
            digest.update(chunk)
            file.write(chunk)
        if size == 0:
            raise Invalid({"file": "文件是空的，没有任何内容。请检查后重新选择。"})
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _refuse_other_kinds(start: bytes) -> None:
    """Pictures, documents and programs that were given the name of a table."""
    if start.startswith(_NO_TABLES):
        message = "文件内容不是表格（看上去是图片、PDF 或者压缩包），请选择 CSV、XLSX 或 XML 文件。"
        raise UnknownKind(message)
