"""People at their desks: they sign in, read pages, and fill in the forms that they find there."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from bs4 import Tag

from app.clock import today
from app.people.passwords import hash_password
from tests.accounts import PASSWORD, sign_in
from tests.pages import Form, Page, PageClient
from tests.stories.reading import CasePage, RecordPage, pdf_text, words

PASSWORD_HASH = hash_password(PASSWORD)
"""Of PASSWORD: hashed once, because it takes a tenth of a second."""


class Desk:
    """The browser of one person, signed in by the page for it."""

    def __init__(self, client: PageClient, name: str) -> None:
        self.client = client
        assert sign_in(client, name).path == "/"

    def case(self, number: str) -> CasePage:
        """The page of a case."""
        return CasePage(self.client.get(f"/cases/{number}"))

    def record(self, record: int) -> RecordPage:
        """The page of a record."""
        return RecordPage(self.client.get(f"/records/{record}"))

    def read(self, key: int) -> str:
        """The text of a notice."""
        answer = self.client.open(f"/notices/{key}.pdf")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        return pdf_text(answer.data)

    def inbox(self) -> dict[str, str]:
        """What waits: case numbers, and what is to be done."""
        found = self.client.get("/").all("table:first-of-type tbody tr")
        return {
            words(row.select("a")[0]): words(row.select("[data-label=办理事项]")[0])
            for row in found
            if row.select("[data-label=办理事项]")
        }

    def form(self, number: str, step: str) -> Form:
        """The form of a step, found by its link on the page of the case."""
        return self._page_of(number, step).form()

    def take(self, number: str, step: str, entered: Mapping[str, Any] | None = None) -> CasePage:
        """Take a step by its form; gives the page of the case, which follows."""
        asked = self._page_of(number, step)
        fields = {str(one["name"]) for one in asked.all("main form [name]")}
        assert (entered or {}).keys() <= fields, fields
        page = self.client.submit(asked.form(), **(entered or {}))
        assert page.path == f"/cases/{number}"
        assert "已办理" in words(page.one(".flash"))
        return CasePage(page)

    def object_to(self, records: Sequence[int], claims: Sequence[Mapping[str, str]]) -> str:
        """Choose the records, say what is wrong with each, keep the draft; gives its number."""
        chosen = self.client.get("/cases/new/objection").form("form:has(fieldset)")
        page = self.client.submit(chosen, record=[str(one) for one in records])
        form = page.form()
        form.fill(statement="本公司没有该违法行为。\n请予核实。")
        for place, said in enumerate(claims):
            form.fill(**{f"items-{place}-{name}": value for name, value in said.items()})
        assert [form.values[f"items-{n}-record_id"] for n in range(len(records))] == [
            str(one) for one in records
        ]
        kept = self.client.submit(form)
        return kept.path.removeprefix("/cases/")

    def apply_for_repair(self, record: int, reasons: str = "", *, commits: bool = False) -> str:
        """Ask for a record to be repaired and keep the draft; gives its number."""
        form = self.client.get(f"/cases/new/repair?record_id={record}").form()
        kept = self.client.submit(form, reasons=reasons, commitment="y" if commits else None)
        return kept.path.removeprefix("/cases/")

    def prove(self, number: str, duty: str, data: bytes, name: str) -> CasePage:
        """Add the proof of a duty by the form that stands beside it."""
        page = self.client.get(f"/cases/{number}")
        form = page.form(f'.duty-upload:has([name=proves][value="{duty}"])')
        return CasePage(self.client.submit(form, file=(io.BytesIO(data), name)))

    def attach(self, number: str, data: bytes, name: str, *, status: int = 200) -> Page:
        """Add a file by the form on the page of the case."""
        form = self.client.get(f"/cases/{number}").form('form[action$="/attachments"]:has(#proves)')
        return self.client.submit(
            form, file=(io.BytesIO(data), name), title="监测报告", status=status
        )

    def confirm_receipts(self, number: str) -> int:
        """Confirm every notice of a case that is addressed here; gives how many."""
        forms = self._receipts(number)
        for _ in forms:
            action = str(self._receipts(number)[0]["action"])
            page = self.client.get(f"/cases/{number}")
            self.client.submit(page.form(f'form[action="{action}"]'))
        return len(forms)

    def _page_of(self, number: str, step: str) -> Page:
        page = self.client.get(f"/cases/{number}")
        link = page.one(f'a[href="/cases/{number}/steps/{step}"]')
        return self.client.get(str(link["href"]))

    def _receipts(self, number: str) -> list[Tag]:
        return self.client.get(f"/cases/{number}").all("form[action$='/receipt']")


class Desks:
    """Everybody's desk; who comes on another day signs in again."""

    def __init__(self, open_client: Any) -> None:
        self._open_client = open_client
        self._known: dict[tuple[str, str], Desk] = {}

    def __call__(self, name: str) -> Desk:
        """The desk of somebody of the city."""
        key = name, today().isoformat()
        if key not in self._known:
            self._known[key] = Desk(self._open_client(), name)
        return self._known[key]
