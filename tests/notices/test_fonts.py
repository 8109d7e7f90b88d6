"""The fonts of notices: every character drawn, small files, and the office's own fonts first."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from app.typesetting import faces, preparing
from app.typesetting.faces import FACES
from app.typesetting.pdf import draw
from tests.notices.samples import sample
from tests.notices.test_drawing import MAPPED, STYLE, fonts_of, page_of, simple

RARE = "䶮㛃𬭼𠅤犇堃喆燚"
COMMON = "张·三2026ABc"
ONE_PAGE_BYTES = 70_000


def glyphs(html: str) -> dict[str, tuple[str, int, Any]]:
    """By character: the font that drew it, the number of its glyph there, and the font's object."""
    pdf = draw(simple(f"<html lang='zh-CN'><body>{html}</body></html>", STYLE)).pdf
    found = {}
    for font in fonts_of(PdfReader(io.BytesIO(pdf))):
        for glyph, characters in MAPPED.findall(font["/ToUnicode"].get_data()):
            said = bytes.fromhex(characters.decode()).decode("utf-16-be")
            found[said] = font["/BaseFont"], int(glyph, 16), font
    return found


def outline(font: Any, glyph: int) -> Any:
    """How much is drawn for a glyph: nothing for one that is empty."""
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    file = descriptor.get("/FontFile2") or descriptor["/FontFile3"]
    opened = TTFont(io.BytesIO(file.get_object().get_data()))
    names = opened.getGlyphOrder()
    if "glyf" in opened:
        return abs(opened["glyf"][names[glyph]].numberOfContours)
    characters = opened["CFF "].cff[0].CharStrings[names[glyph]]
    characters.decompile()
    return len(characters.program)


@pytest.mark.parametrize("face", [one.name for one in FACES])
def test_rare_and_common_characters_have_a_glyph_in_every_face(face):
    drawn = glyphs(f"<p style='font-family: {face}'>{RARE}{COMMON}</p>")
    for character in RARE + COMMON:
        _, glyph, font = drawn[character]
        assert glyph > 0, character
        assert outline(font, glyph) > 0, character


def test_a_character_of_the_second_level_uses_the_rest_and_no_large_font():
    drawn = glyphs("<p>惠州市鑫源</p>")
    assert "仿宋-common" in drawn["惠"][0]
    assert "仿宋-rest" in drawn["鑫"][0]
    for _, _, font in drawn.values():
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" not in descriptor


def test_digits_and_latin_letters_of_the_text_come_from_the_face_made_for_them():
    drawn = glyphs("<p>第2026号A</p>")
    assert {drawn[one][0].partition("+")[2] for one in "206A"} == {"Redress-仿宋-latin"}


def test_an_ordinary_notice_of_one_page_is_small():
    context = sample("repair.commitment")
    context["case"]["subject"] = context["case"]["subject"] | {"name": "惠州市精密机械有限公司"}
    pdf = draw(page_of(context)).pdf
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert len(pdf) <= ONE_PAGE_BYTES


def test_what_no_font_has_is_named():
    assert faces.unprintable(f"惠州市{RARE}·2026年A") == []
    assert faces.unprintable("甲\U0003fff0乙\u0378丙\U0003fff0\n") == ["\U0003fff0", "\u0378"]


def test_fonts_that_are_not_prepared_are_said_to_be_so(monkeypatch, tmp_path):
    monkeypatch.setattr(faces, "PREPARED", tmp_path / "prepared.json")
    faces.prepared.cache_clear()
    try:
        assert not faces.ready(None)
        with pytest.raises(faces.Unprepared, match="script/setup"):
            faces.prepared()
    finally:
        faces.prepared.cache_clear()


# --- fonts of the office's own ---------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a font under the name of a licensed one."""
    folder = tmp_path / "own"
    folder.mkdir()
    font = TTFont(faces.FOLDER / "仿宋-latin.ttf")
    font["name"].setName("仿宋_GB2312", 1, 3, 1, 0x409)
    font.save(folder / "simfang.ttf")
    return folder


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Fonts are prepared there, and only those of one face."""
    there = tmp_path / "fonts"
    for module in (faces, preparing):
        monkeypatch.setattr(module, "FOLDER", there)
    for name, file in {
        "CONFIGURATION": "fonts.conf",
        "COVERAGE": "coverage",
        "PREPARED": "prepared.json",
    }.items():
        monkeypatch.setattr(faces, name, there / file)
    monkeypatch.setattr(preparing, "FACES", FACES[:1])
    monkeypatch.setattr(preparing, "FALLBACKS", ())
    monkeypatch.setattr(preparing, "LAST", ())
    monkeypatch.setattr(preparing, "_covered", lambda: b"")
    faces.prepared.cache_clear()
    return there


def test_the_office_s_own_fonts_come_first(own, elsewhere):
    try:
        preparing.prepare(own)
        told = faces.prepared()
        assert told["faces"]["仿宋"] == {"family": "仿宋_GB2312", "whose": "own"}
        assert told["own"] == {"simfang.ttf": (own / "simfang.ttf").stat().st_size}
        drawn = TTFont(elsewhere / "仿宋-common.ttf").getBestCmap()
        assert set(drawn) == set(range(0x20, 0x7F)) & set(drawn)
        assert ord("A") in drawn
        assert faces.ready(own)
        assert not faces.ready(None), "the fonts were taken away since"
    finally:
        faces.prepared.cache_clear()
