"""A repair in Chromium: applied for with proof of each duty, accepted, examined, and published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.app.cases.city import COMPANY
from tests.app.cases.samples import pdf
from tests.browser.conftest import Site, everywhere
from tests.browser.test_smoke import fits, sign_in

pytestmark = pytest.mark.browser


@everywhere
def test_a_repair_is_applied_for_accepted_and_proposed(
    place: int,
    options: dict[str, object],
    site: Site,
    window: Callable[..., Page],
    tmp_path: Path,
) -> None:
    subject, provider = window(**options), window(**options)
    number = applied(subject, site.repairable[place], tmp_path)
    proposed(provider, number)
    subject.goto(f"/cases/{number}")
    assert "待审核" in subject.inner_text(".standing")
    assert "提出准予修复" not in subject.inner_text("main")
    anybody = window(**options)
    for path in ("/", "/commitments"):
        anybody.goto(path)
        fits(anybody)
    assert COMPANY[0] in anybody.inner_text("main")


def applied(page: Page, record: int, folder: Path) -> str:
    """Sign in as the company, apply from the record's page, prove each duty; gives the number."""
    sign_in(page, "subject")
    page.goto(f"/records/{record}")
    fits(page)
    page.get_by_role("link", name="申请信用修复").click()
    fits(page)
    page.fill("[name=reasons]", "已经整改，罚款已经缴清。")
    page.check("[name=commitment]")
    page.get_by_role("button", name="保存草稿").click()
    fits(page)
    assert "还差1项" in page.inner_text("main")
    number = page.url.rpartition("/")[2]
    file = folder / "缴款凭证.pdf"
    file.write_bytes(pdf())
    for duty in ("corrected", "fine"):
        form = page.locator(f".duty-upload:has(input[value={duty}])")
        form.locator("[name=file]").set_input_files(file)
        form.locator("button").click()
        fits(page)
    assert "条件都符合，可以提交" in page.inner_text("main")
    page.locator(f"a[href='/cases/{number}/steps/submit']").click()
    fits(page)
    page.get_by_role("button", name="提交修复申请").click()
    fits(page)
    assert "待受理" in page.inner_text(".standing")
    return number


def proposed(page: Page, number: str) -> None:
    """Sign in as the provider, accept the application, tick each condition."""
    sign_in(page, "provider")
    page.get_by_role("link", name=number).first.click()
    fits(page)
    taken(page, number, "accept")
    page.goto(f"/cases/{number}/steps/propose_grant")
    fits(page)
    for place in range(4):
        page.check(f"[name=conditions-{place}-met]")
    for place in (1, 3):
        page.fill(f"[name=conditions-{place}-proof]", "缴款凭证")
    page.get_by_role("button", name="提出准予修复").click()
    fits(page)
    assert "待审核" in page.inner_text(".standing")


def taken(page: Page, number: str, step: str) -> None:
    """Take a step that asks for nothing."""
    page.locator(f"a[href='/cases/{number}/steps/{step}']").click()
    fits(page)
    page.locator("main form button.btn-primary").click()
    fits(page)
