"""An objection in Chromium: written, submitted and accepted, and the notice that comes of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.accounts import PASSWORD
from tests.app.cases.city import COMPANY
from tests.app.cases.samples import pdf
from tests.browser.conftest import Site, everywhere
from tests.stories.reading import pdf_text

pytestmark = pytest.mark.browser

RARE = "䶮"
MAPPED = re.compile(rb"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>")


@everywhere
def test_an_objection_is_written_submitted_and_accepted(
    place: int,
    options: dict[str, object],
    site: Site,
    window: Callable[..., Page],
    tmp_path: Path,
) -> None:
    subject, clerk = window(**options), window(**options)
    number = objected(subject, site.records[place], tmp_path)
    fits(subject)
    assert COMPANY[0] in subject.inner_text("main")
    accepted(clerk, number)
    with clerk.expect_download() as waiting:
        clerk.get_by_role("link", name="异议受理通知书", exact=True).click()
    data = waiting.value.path().read_bytes()
    text = pdf_text(data)
    assert f"案件编号：{number}" in text
    assert COMPANY[0] in text
    assert is_drawn(RARE, data)
    everything_fits(clerk, number)
    subject.reload()
    assert "核实中" in subject.inner_text(".standing")
    assert "暂停执行" in subject.inner_text("main")


def objected(page: Page, record: int, folder: Path) -> str:
    """Sign in as the company, object to a record with a file, submit; gives the number."""
    sign_in(page, "subject")
    page.get_by_role("link", name="失信记录").first.click()
    fits(page)
    page.locator(f"a[href='/records/{record}']").click()
    fits(page)
    page.get_by_role("link", name="提出异议").click()
    fits(page)
    page.fill("[name=statement]", f"{COMPANY[0]}没有该违法行为。")
    page.select_option("[name='items-0-field']", "violation")
    page.select_option("[name='items-0-ground']", "O1")
    page.fill("[name='items-0-claim']", "没有此行为")
    page.get_by_role("button", name="保存草稿").click()
    fits(page)
    number = page.url.rpartition("/")[2]
    attach(page, folder)
    page.locator(f"a[href='/cases/{number}/steps/submit']").click()
    fits(page)
    page.get_by_role("button", name="提交异议").click()
    fits(page)
    assert "待受理" in page.inner_text(".standing")
    return number


def attach(page: Page, folder: Path) -> None:
    """Upload a file on the page of the case."""
    file = folder / "监测报告.pdf"
    file.write_bytes(pdf())
    page.locator("summary", has_text="上传附件").click()
    page.set_input_files("[name=file]", file)
    page.fill("[name=title]", "监测报告")
    page.get_by_role("button", name="上传", exact=True).click()
    fits(page)
    assert "监测报告.pdf" in page.inner_text("main")


def accepted(page: Page, number: str) -> None:
    """Sign in as the clerk, find the case in the inbox, accept it."""
    sign_in(page, "clerk")
    page.get_by_role("link", name=number).first.click()
    fits(page)
    page.locator(f"a[href='/cases/{number}/steps/accept']").click()
    fits(page)
    page.get_by_role("button", name="受理").click()
    fits(page)
    assert "核实中" in page.inner_text(".standing")


def everything_fits(page: Page, number: str) -> None:
    """Lists, and the forms with the most fields."""
    case = f"/cases/{number}"
    forms = [f"{case}/steps/{step}" for step in ("correct_own_error", "note_review")]
    for path in ("/", "/cases", "/records", "/cases/new/objection?q=惠州", case, *forms):
        page.goto(path)
        fits(page)


def sign_in(page: Page, name: str) -> None:
    """By the form, as everybody."""
    page.goto("/login")
    fits(page)
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"/$"))
    fits(page)


def fits(page: Page) -> None:
    """Nothing on the page is wider than the window.

    Asked only once it has loaded: to ask earlier shows it without half of its style sheets.
    """
    page.wait_for_load_state("load")
    sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    content, room = page.evaluate(sizes)
    assert content <= room, f"{page.url}: {content} > {room}"


def is_drawn(character: str, data: bytes) -> bool:
    """Whether a character of a PDF has an outline in its font, and not that of the empty box."""
    for font in fonts_of(data):
        for glyph, said in MAPPED.findall(font["/ToUnicode"].get_data()):
            if bytes.fromhex(said.decode()).decode("utf-16-be") == character:
                return outline(font, int(glyph, 16)) not in ([], outline(font, 0))
    return False


def fonts_of(data: bytes) -> Iterator[Any]:
    """The fonts of a PDF."""
    pages: Any = PdfReader(io.BytesIO(data)).pages
    for page in pages:
        for reference in page["/Resources"]["/Font"].values():
            yield reference.get_object()


def outline(font: Any, glyph: int) -> list[object]:
    """What is drawn for a glyph of an embedded font."""
    described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    file = described.get("/FontFile3") or described["/FontFile2"]
    embedded = TTFont(io.BytesIO(file.get_object().get_data()))
    pen = RecordingPen()
    glyphs = embedded.getGlyphSet()
    glyphs[embedded.getGlyphName(glyph)].draw(pen)
    return list(pen.value)
