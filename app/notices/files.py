"""The files of notices: published whole or not at all, and never believed unchecked."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import config


def path(notice_id: int) -> Path:
    """Where the file of a notice stands."""
    return config.current().data_dir / "notices" / f"{notice_id}.pdf"


def read(notice_id: int, sha256: str | None) -> bytes | None:
    """The file, or None where it is missing or is not the one with this hash."""
    try:
        data = path(notice_id).read_bytes()
    except FileNotFoundError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def publish(notice_id: int, data: bytes) -> None:
    """Put the file in its place: after this returns it survives a power cut."""
    final = path(notice_id)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = final.with_name(f".{final.name}.{secrets.token_hex(8)}")
    try:
        _write(draft, data)
        draft.replace(final)
    finally:
        draft.unlink(missing_ok=True)
    _sync(final.parent)


def _write(draft: Path, data: bytes) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
