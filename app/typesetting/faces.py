"""The typefaces of official documents (GB/T 9704-2012) and the fonts that stand for them.

A style sheet names a face (`font-family: 仿宋`); `app.typesetting.preparing` has written what that
is, in the order of the fonts that a character is looked for in. No other font of the system is
seen, so a page looks the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from config import ROOT

FOLDER: Final = ROOT / "var" / "fonts"
CONFIGURATION: Final = FOLDER / "fonts.conf"
COVERAGE: Final = FOLDER / "coverage"
PREPARED: Final = FOLDER / "prepared.json"
SYSTEM: Final = Path("/usr/share/fonts")
FORMATS: Final = frozenset({".ttf", ".otf", ".ttc"})


@dataclass(frozen=True, kw_only=True)
class Face:
    """A typeface: `own` are the names under which an office has a licence for the real one.

    `free` is the file of the open font that stands for it otherwise, `latin` the one whose digits
    and Latin letters go with its strokes where its own do not, `fallback` the family that has the
    characters which it lacks.
    """

    name: str
    own: tuple[str, ...]
    free: str
    fallback: str
    latin: str = ""
    bold: bool = False


FACES: Final = (
    Face(
        name="仿宋",
        own=("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK"),
        free="FandolFang-Regular.otf",
        latin="FandolSong-Regular.otf",
        fallback="Noto Serif CJK SC",
    ),
    Face(
        name="小标宋",
        own=("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
        free="FandolSong-Bold.otf",
        fallback="Noto Serif CJK SC",
        bold=True,
    ),
    Face(
        name="黑体",
        own=("黑体", "SimHei", "方正黑体_GBK"),
        free="FandolHei-Regular.otf",
        fallback="Noto Sans CJK SC",
    ),
    Face(
        name="楷体",
        own=("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK"),
        free="FandolKai-Regular.otf",
        fallback="Noto Serif CJK SC",
    ),
    Face(
        name="宋体",
        own=("宋体", "SimSun", "方正书宋_GBK"),
        free="FandolSong-Regular.otf",
        fallback="Noto Serif CJK SC",
    ),
)
FALLBACKS: Final = ("NotoSerifCJK-Light.ttc", "NotoSerifCJK-Bold.ttc", "NotoSansCJK-Regular.ttc")
"""Light for faces with thin strokes, Bold for titles."""
LAST: Final = ("HanaMinA.ttf", "HanaMinB.ttf")
"""Every character of Unicode 10 that a name can have, for what the others lack."""


class Unprepared(Exception):  # noqa: N818 -- reads as what happened
    """The fonts of notices are not in their place: `script/setup` puts them there."""


def unprintable(text: str) -> Sequence[str]:
    """The characters of a text that no font has, each once, in their order.

    Raises Unprepared.
    """
    covered = _coverage()
    missing = {one for one in set(text) if not one.isspace() and not has(covered, ord(one))}
    return [one for one in dict.fromkeys(text) if one in missing] if missing else []


def has(covered: bytes, code: int) -> bool:
    """Whether a code point is among those of a coverage: one bit each, the lowest first."""
    place, bit = divmod(code, 8)
    return place < len(covered) and bool(covered[place] >> bit & 1)


@cache
def prepared() -> Mapping[str, Any]:
    """What `app.typesetting.preparing` told of its work.

    `recipe`, `own`, `faces` and `fonts`, which is the SHA-256 of each file.

    Raises Unprepared.
    """
    told: dict[str, Any] = json.loads(_read(PREPARED))
    return told


def digest() -> str:
    """The SHA-256 of all fonts together: with other fonts the bytes of a PDF are others."""
    fonts = json.dumps(prepared()["fonts"], sort_keys=True)
    return hashlib.sha256(fonts.encode()).hexdigest()


def listing(folder: Path | None) -> dict[str, int]:
    """The fonts that the office has put into `folder` (`FONTS_DIR`), and their sizes in bytes."""
    if folder is None:
        return {}
    files = [one for one in folder.rglob("*") if one.suffix.lower() in FORMATS]
    return {str(one.relative_to(folder)): one.stat().st_size for one in sorted(files)}


def ready(own: Path | None) -> bool:
    """Whether the fonts are in their place, those of the office, too."""
    try:
        told = prepared()
        return told["own"] == listing(own) and told.get("recipe") == recipe()
    except Unprepared:
        return False


def recipe() -> str:
    """The SHA-256 of what makes the fonts: a release that makes them otherwise makes them anew."""
    sources = (Path(__file__), Path(__file__).with_name("preparing.py"))
    return hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()


def folder_named(arguments: Sequence[str]) -> Path | None:
    """The folder of the office's own fonts: the first argument, unless it is missing or empty."""
    named = next(iter(arguments), "")
    return Path(named).expanduser() if named else None


@cache
def _coverage() -> bytes:
    return _read(COVERAGE)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = "the fonts of notices are not in place: run script/setup"
        raise Unprepared(message) from None


if __name__ == "__main__":
    sys.exit(0 if ready(folder_named(sys.argv[1:])) else 1)
