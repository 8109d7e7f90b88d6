"""The PDF of a notice: whole, the same every time, and drawn out of reach of the network."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import socket
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pypdf
import pytest
from weasyprint import HTML

from app.notices.carried import carried
from app.notices.render import STYLE as STYLE_SHEET, render
from app.typesetting import drawing
from app.typesetting.pages import Page
from app.typesetting.pdf import draw
from config import ROOT
from tests.notices.repair_samples import OWN
from tests.notices.samples import NOTICES, sample

STYLE = STYLE_SHEET.read_text(encoding="utf-8")
TODAY = date(2026, 11, 21)
RARE = "䶮㛃𬭼𠅤"
MAPPED = re.compile(rb"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>")
A4_IN_POINTS = (595.28, 841.89)
PROBES = (
    '<link rel="stylesheet" href="http://127.0.0.1:PORT/a.css">',
    '<img src="http://127.0.0.1:PORT/a.png">',
    '<object data="http://127.0.0.1:PORT/a.svg"></object>',
    '<embed src="http://127.0.0.1:PORT/a.svg">',
    "<style>@import url(http://127.0.0.1:PORT/b.css);</style>",
    "<style>@font-face { font-family: x; src: url(http://127.0.0.1:PORT/x.ttf) } p { font-family: x }</style><p>x</p>",
    '<p style="background: url(http://127.0.0.1:PORT/bg.png)">x</p>',
    "<style>p::before { content: url(http://127.0.0.1:PORT/c.png) }</style><p>x</p>",
    '<svg><image href="http://127.0.0.1:PORT/d.png" width="9" height="9"/></svg>',
    '<link rel="attachment" href="http://127.0.0.1:PORT/e">',
)


def drawn(notice: str) -> bytes:
    return drawn_from(sample(notice))


def drawn_from(context: dict[str, Any]) -> bytes:
    return draw(page_of(context)).pdf


def page_of(context: dict[str, Any]) -> Page:
    head = context["notice"]
    html = render(head["kind"], head["name"], context)
    data = carried(context, html)
    return Page(html=html, style=STYLE, identifier=head["number"], on=TODAY, data=data)


def simple(html: str, style: str = "") -> Page:
    return Page(html=html, style=style, identifier="1", on=TODAY)


def pages_of(data: bytes) -> list[str]:
    """The text of each page, line by line."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return [unicodedata.normalize("NFKC", page.extract_text()) for page in pages]


def text_of(data: bytes) -> str:
    """What a reader of the file finds; some fonts write 函 as a radical, so compare by NFKC."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return normal("".join(page.extract_text() for page in pages))


def normal(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {notice: drawn(notice) for notice in NOTICES}


@pytest.mark.parametrize("notice", NOTICES)
def test_its_text_can_be_read_from_the_file(files, notice):
    head = sample(notice)["notice"]
    told = text_of(files[notice])
    wanted = [head["number"], head["issuer"]["name"], head["addressee"]["name"]]
    if head["addressee"]["kind"] == "public":
        wanted.pop()
    assert [one for one in wanted if normal(one) not in told] == []


@pytest.mark.parametrize("notice", NOTICES)
def test_its_pages_are_a4_and_its_fonts_embedded(files, notice):
    reader = pypdf.PdfReader(io.BytesIO(files[notice]))
    for page in reader.pages:
        assert [float(one) for one in page.mediabox[2:]] == pytest.approx(A4_IN_POINTS, abs=0.1)
    for font in fonts_of(reader):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_rare_characters_are_drawn_and_not_boxes(files):
    """Each has a glyph of its own that is not glyph 0, which is the box."""
    glyphs = {}
    for notice in ("objection.refusal", "objection.receipt"):
        for font in fonts_of(pypdf.PdfReader(io.BytesIO(files[notice]))):
            for glyph, characters in MAPPED.findall(font["/ToUnicode"].get_data()):
                said = bytes.fromhex(characters.decode()).decode("utf-16-be")
                glyphs[said] = int(glyph, 16)
    assert set(RARE) <= set(glyphs)
    assert all(glyphs[character] > 0 for character in RARE)
    assert len({glyphs[character] for character in RARE}) == len(RARE)


def fonts_of(reader):
    found = {}
    for page in reader.pages:
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            found[font["/BaseFont"]] = font
    return list(found.values())


def test_it_is_dated_by_the_notice_and_not_by_the_clock(files):
    facts = pypdf.PdfReader(io.BytesIO(files["objection.acceptance"])).metadata
    assert facts is not None
    assert str(facts["/CreationDate"]).startswith("D:20261121")
    assert str(facts["/ModDate"]).startswith("D:20261121")
    assert str(facts["/Title"]) == "异议受理通知书（某信异受〔2026〕12号）"


def test_another_process_draws_the_same_bytes(files):
    script = (
        "import hashlib, sys\n"
        "from tests.notices.test_drawing import drawn\n"
        "sys.stdout.write(hashlib.sha256(drawn('objection.upheld')).hexdigest())\n"
    )
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            text=True,
        )
        assert done.stdout == hashlib.sha256(files["objection.upheld"]).hexdigest()


def test_the_child_draws_the_same_bytes_as_the_renderer(files):
    drawn_there = drawing.draw(page_of(sample("objection.refusal"))).pdf
    assert drawn_there == files["objection.refusal"]


class Listener:
    """Counts who connects, and hangs up."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.callers = 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.callers += 1
            caller.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.socket.close()


@pytest.mark.parametrize("probe", PROBES)
def test_nothing_is_fetched(probe, listener):
    page = f"<html><body>{probe}<p>文</p></body></html>".replace("PORT", str(listener.port))
    with contextlib.suppress(drawing.Undrawable):
        drawing.draw(simple(page))
    assert listener.callers == 0
    HTML(string=page).write_pdf()
    assert listener.callers > 0, "the probe does not probe"


def test_a_page_that_asks_for_something_is_not_drawn():
    with pytest.raises(drawing.Undrawable):
        drawing.draw(simple('<img src="file:///etc/passwd">'))


def test_a_style_sheet_that_asks_for_something_is_not_drawn_either():
    with pytest.raises(BaseException, match="asked for http"):
        draw(simple("<p>文</p>", "@import url(http://127.0.0.1:9/a.css);"))


def test_a_page_that_breaks_the_renderer_leaves_us_whole():
    with pytest.raises(drawing.Undrawable):
        drawing.draw(simple('<p style="font-size: 1e9px">文</p>'))


def test_a_page_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(drawing, "SECONDS", 1)
    cells = "<td>x" * 200
    with pytest.raises(drawing.Undrawable):
        drawing.draw(simple(f"<table>{f'<tr>{cells}</tr>' * 200}</table>"))


@pytest.mark.parametrize(
    "notice", ["objection.receipt", "objection.acceptance", "verification.request"]
)
def test_a_simple_one_takes_three_pages_at_most(notice):
    context = sample(notice)
    context["items"], context["attachments"] = context["items"][:1], context["attachments"][:1]
    annex = 1 if notice == "verification.request" else 0
    assert len(pages_of(drawn_from(context))) <= 3 + annex


@pytest.mark.parametrize("notice", sorted(set(NOTICES) - OWN))
def test_its_signature_stands_with_two_lines_of_its_text(files, notice):
    (page,) = [one for one in pages_of(files[notice]) if "(联系单位" in one]
    before = page.split(sample(notice)["notice"]["issuer"]["name"])
    assert len([line for line in before if line.strip()]) >= 2


def test_what_somebody_wrote_at_length_begins_at_once_and_is_printed_whole():
    context = sample("objection.acceptance")
    claim = "".join(f"第{number}点，公示内容与决定书不符。" for number in range(1, 150))
    context["items"][0]["claim"] = claim
    data = drawn_from(context)
    assert "第1点" in "".join(pages_of(data)[:2])
    told = re.sub("序号失信信息.*?异议理由和主张|—\\d—", "", text_of(data))
    assert [n for n in range(1, 150) if f"第{n}点" not in told] == []


def test_no_notice_prints_a_template_s_own_signs(files):
    for data in files.values():
        assert "{{" not in text_of(data)
        assert "None" not in text_of(data)
