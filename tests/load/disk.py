"""How much is kept on disk: in the database, and in files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import config
from app.db import db

FOLDERS = ("notices", "files", "imports")


def sizes() -> dict[str, float]:
    """Bytes of the database, with its indexes, and of each folder of files."""
    data_dir = config.current().data_dir
    return {"database": _database(), **{name: _folder(data_dir / name) for name in FOLDERS}}


def grown(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """By how much, folder by folder."""
    return {name: size - before[name] for name, size in after.items()}


def _database() -> int:
    """Bytes, with its indexes and without its write-ahead log."""
    with db.engine.connect() as connection:
        if db.engine.url.get_backend_name() == "postgresql":
            asked = "SELECT pg_database_size(current_database())"
            return int(connection.exec_driver_sql(asked).scalar_one())
        asked = (
            "SELECT (page_count - freelist_count) * page_size"
            " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return int(connection.exec_driver_sql(asked).scalar_one())


def _folder(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*") if path.is_file()) if folder.exists() else iter(())
