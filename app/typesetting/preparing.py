"""Making the fonts of notices ready, once, at set-up; `python -m app.typesetting.preparing [FOLDER]`.

Of each face three fonts are made of which a page touches as few as it can: the 3,755 commonest
characters, the rest of GB 2312 and everything else. What is drawn with small fonts is drawn faster
and is smaller, and TrueType outlines are compressed better than those of CFF (docs/benchmarks.md).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem
from markupsafe import Markup

from app.typesetting import faces
from app.typesetting.faces import FACES, FALLBACKS, FOLDER, LAST, SYSTEM, Face

SOURCES: Final = FOLDER.parent / "fandol"
TOLERANCE: Final = 0.001
"""How far an outline may leave that of its source, in parts of the size: 0.016 pt at 16 pt."""
UNITS: Final = 500
"""Parts of the size in which outlines are told: 0.011 mm at 16 pt; with 1,000 files are a tenth
larger."""
_ABOVE: Final = 0.88
_BELOW: Final = 0.12
"""How far a line reaches above and below its foot, in parts of the size: the same in all fonts, so
that lines stand equally far apart whatever is in them. Where only some have a table of other
baselines (BASE), Pango lifts what stands beside each other."""
_LATIN: Final = frozenset(range(0x20, 0x7F))
_SIGNS: Final = frozenset(map(ord, "·—…‘’“”〔〕　"))
_NO_INSTRUCTIONS: Final = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
    "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
)  # fmt: skip
_CONFIGURATION: Final = Markup("""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>{folder}</dir>
<cachedir>{folder}/cache</cachedir>
<config><rescan><int>0</int></rescan></config>
{faces}
</fontconfig>
""")
_FACE: Final = Markup(
    '<alias binding="strong"><family>{name}</family><prefer>{fonts}</prefer></alias>'
)
_FONT: Final = Markup("<family>{}</family>")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the fonts of a face: these characters of a source, or None for all it has."""

    face: Face
    name: str
    source: Path
    characters: frozenset[int] | None

    @property
    def family(self) -> str:
        """Under this name it is looked for."""
        return f"Redress {self.face.name} {self.name}"


def prepare(own: Path | None) -> None:
    """Write the fonts, what they cover and their configuration into `faces.FOLDER`.

    `own` is the folder with the fonts that the office has a licence for. It takes about a
    minute; what is there is replaced.
    """
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    faces.PREPARED.unlink(missing_ok=True)
    for old in FOLDER.glob("*.[to]t[fc]"):
        old.unlink()
    for name in (*FALLBACKS, *LAST):
        _copy(name)
    licensed = dict(_families(own)) if own else {}
    sources = {face.name: _source(face, licensed) for face in FACES}
    parts = {face.name: tuple(_parts(face, *sources[face.name][1:])) for face in FACES}
    _write_all([part for each in parts.values() for part in each])
    _describe({name: (family, whose) for name, (family, _, whose) in sources.items()}, parts, own)


def _write_all(parts: Sequence[Part]) -> None:
    with ProcessPoolExecutor() as processes:
        begun = [processes.submit(_write, part) for part in parts]
        for place, done in enumerate(as_completed(begun), 1):
            done.result()
            _say(f"   {place} of {len(parts)} fonts")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


# --- where a face comes from -----------------------------------------------------------------


def _source(face: Face, licensed: dict[str, Path]) -> tuple[str, Path, str]:
    """The family of a face, its file, and whose it is: `own` or `free`."""
    for name in face.own:
        if name in licensed:
            return name, licensed[name], "own"
    return face.free.partition("-")[0], SOURCES / face.free, "free"


def _families(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in faces.listing(folder):
        for font in _opened(folder / name):
            with font:
                for family in _family_names(font):
                    yield family, folder / name


def _family_names(font: TTFont) -> set[str]:
    return {str(one) for one in font["name"].names if one.nameID in {1, 4, 16}}


def _opened(path: Path) -> list[TTFont]:
    """The fonts of a file; what is not changed of them is saved as it was, without being read."""
    if path.suffix.lower() == ".ttc":
        return list(TTCollection(path, lazy=True, recalcBBoxes=False).fonts)
    return [TTFont(path, lazy=True, recalcBBoxes=False)]


def _system(name: str) -> Path:
    return next(SYSTEM.rglob(name))


# --- the parts of a face ---------------------------------------------------------------------


def _parts(face: Face, source: Path, whose: str) -> Iterator[Part]:
    """The fonts of a face, in the order in which a character is looked for."""
    if face.latin and whose == "free":
        yield Part(face=face, name="latin", source=SOURCES / face.latin, characters=_LATIN)
    common = frozenset(_rows(0xA1, 0xD8)) | _SIGNS | _LATIN
    yield Part(face=face, name="common", source=source, characters=common)
    rest = frozenset(_rows(0xD8, 0xF8))
    yield Part(face=face, name="rest", source=source, characters=rest)
    yield Part(face=face, name="all", source=source, characters=None)


def _rows(first: int, end: int) -> Iterator[int]:
    """The code points of some rows of GB 2312."""
    for row in range(first, end):
        for column in range(0xA1, 0xFF):
            yield from map(ord, bytes([row, column]).decode("gb2312", errors="ignore"))


def _write(part: Part) -> None:
    font = _opened(part.source)[0]
    font.recalcTimestamp = False
    if part.characters:
        _reduce(font, part.characters)
        if "glyf" not in font:
            _to_truetype(font)
    _rename(font, part.family, bold=part.face.bold)
    _level(font)
    ending = ".ttf" if "glyf" in font else ".otf"
    font.save(FOLDER / f"{part.face.name}-{part.name}{ending}")


def _reduce(font: TTFont, characters: frozenset[int]) -> None:
    options = subset.Options(
        layout_features=[], hinting=False, desubroutinize=True, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters & set(font.getBestCmap()))
    subsetter.subset(font)


def _to_truetype(font: TTFont) -> None:
    """The outlines as quadratic curves."""
    font.recalcBBoxes = True
    order, glyphs = font.getGlyphOrder(), _quadratic(font)
    for table in ("CFF ", "VORG", "GSUB", "GPOS", "BASE", "vhea", "vmtx"):
        if table in font:
            del font[table]
    scale_upem(font, UNITS)
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for limit in _NO_INSTRUCTIONS:
        setattr(limits, limit, 0)
    names = font["post"]
    names.formatType, names.extraNames, names.mapping = 3.0, [], {}
    font.sfntVersion = "\x00\x01\x00\x00"


def _quadratic(font: TTFont) -> dict[str, Any]:
    """The glyph of each name, in `UNITS`."""
    drawn, scale = font.getGlyphSet(), UNITS / font["head"].unitsPerEm
    glyphs = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        curves = Cu2QuPen(pen, TOLERANCE * UNITS, reverse_direction=True)
        drawn[name].draw(TransformPen(curves, (scale, 0, 0, scale, 0, 0)))
        glyphs[name] = pen.glyph()
    return glyphs


def _rename(font: TTFont, family: str, *, bold: bool) -> None:
    names = font["name"]
    names.names = []
    style = "Bold" if bold else "Regular"
    for key, text in (
        (1, family),
        (2, style),
        (3, family),
        (4, family),
        (6, f"Redress-{_short(family)}"),
    ):
        names.setName(text, key, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["head"].macStyle = int(bold)
    font["OS/2"].fsSelection = 0x20 if bold else 0x40


def _copy(name: str) -> None:
    """A font of the system as it is, but for how high its lines are."""
    wanted = {face.fallback for face in FACES}
    fonts = _opened(_system(name))
    font = next((one for one in fonts if wanted & _family_names(one)), fonts[0])
    font.recalcTimestamp = False
    _level(font)
    font.save(FOLDER / f"{Path(name).stem}{'.ttf' if 'glyf' in font else '.otf'}")


def _level(font: TTFont) -> None:
    if "BASE" in font:
        del font["BASE"]
    units = font["head"].unitsPerEm
    above, below = round(_ABOVE * units), round(_BELOW * units)
    lines, more = font["hhea"], font["OS/2"]
    lines.ascent, lines.descent, lines.lineGap = above, -below, 0
    more.sTypoAscender, more.sTypoDescender, more.sTypoLineGap = above, -below, 0
    more.usWinAscent, more.usWinDescent = above, below


def _short(text: str) -> str:
    """A short name in Latin letters, which PostScript wants."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


# --- what was made ---------------------------------------------------------------------------


def _describe(
    sources: Mapping[str, tuple[str, str]],
    parts: Mapping[str, Sequence[Part]],
    own: Path | None,
) -> None:
    """Write the configuration and the coverage, and last of all what was made."""
    lists = [
        _FACE.format(name=face.name, fonts=_families_xml(face, parts[face.name])) for face in FACES
    ]
    configuration = _CONFIGURATION.format(folder=FOLDER, faces=Markup("\n").join(lists))
    faces.CONFIGURATION.write_text(configuration, encoding="utf-8")
    faces.COVERAGE.write_bytes(_covered())
    told: dict[str, Any] = {
        "recipe": faces.recipe(),
        "own": faces.listing(own),
        "faces": {
            name: {"family": family, "whose": whose} for name, (family, whose) in sources.items()
        },
        "fonts": {one.name: _sha256(one) for one in sorted(FOLDER.glob("*.[to]t[fc]"))},
    }
    faces.PREPARED.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _families_xml(face: Face, parts: Sequence[Part]) -> Markup:
    """The families in which a character of a face is looked for."""
    names = [part.family for part in parts]
    names += [face.fallback, *(Path(name).stem for name in LAST)]
    return Markup("").join(_FONT.format(name) for name in names)


def _covered() -> bytes:
    """The code points that every face can draw: one bit each, the lowest first."""
    last = {code for name in LAST for code in _codes(FOLDER / name)}
    all_faces = [
        last | _codes(_system(name))
        for name in ("NotoSerifCJK-Light.ttc", "NotoSansCJK-Regular.ttc")
    ]
    codes = set.intersection(*all_faces)
    bits = bytearray(max(codes) // 8 + 1)
    for code in codes:
        bits[code // 8] |= 1 << code % 8
    return bytes(bits)


def _codes(path: Path) -> set[int]:
    return set(_opened(path)[0].getBestCmap())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    prepare(faces.folder_named(sys.argv[1:]))
