"""What people do: each firm objects to its record, and everybody whom that concerns does their part.

A story has parts, between which time passes and the clock of the office strikes; meanwhile the same
people go on with other stories. What they read on the way is read as people do: the inbox first,
then the case, then the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.clock import today
from tests.load.browsing import Browser, Wrong
from tests.load.town import Contested

REASONS: Final = "经查原始案卷，证据在案卷第3页。"


@dataclass
class Story:
    """One objection from the firm to its answer; each part gives whether it could be told."""

    people: Mapping[str, Browser]
    of: Contested
    length: int = 4
    """How many of its parts are told."""
    number: str = ""
    suspensions: tuple[str, ...] = ()
    verification: str = ""
    told: int = 0
    not_before: float = 0.0
    """When its next part may be told, as `time.monotonic()` counts."""

    @property
    def parts(self) -> tuple[Callable[[], bool], ...]:
        """One after the other."""
        return self.begin, self.answer, self.decide, self.finish

    @property
    def is_over(self) -> bool:
        """Whether all has been told that is to be told."""
        return self.told == self.length

    def go_on(self) -> bool:
        """Tell the next part; gives whether its time had come."""
        done = self.parts[self.told]()
        self.told += done
        return done

    def begin(self) -> bool:
        """The firm files, and the office accepts."""
        self._file()
        self._accept()
        return True

    def answer(self) -> bool:
        """The department suspends, the provider answers."""
        for number in self.suspensions:
            said = {"executed_on": today().isoformat(), "note": "已在系统内停用"}
            self._answer("executor", number, "confirm", **said)
        self._verify()
        return True

    def decide(self) -> bool:
        """The office decides, once the clock has seen that all findings are there."""
        approver = self.people["approver"]
        if "/steps/dismiss" not in approver.get("case", f"/cases/{self.number}"):
            return False
        approver.get("inbox", "/")
        approver.get("search", f"/cases?q={self.number}")
        self._take("approver", self.number, "dismiss", reasons=REASONS)
        return True

    def finish(self) -> bool:
        """The department resumes, once the clock has told it to; the firm reads its answer."""
        executor = self.people["executor"]
        for number in self.suspensions:
            if "/steps/confirm_resumed" not in executor.get("case", f"/cases/{number}"):
                return False
        for number in self.suspensions:
            self._answer("executor", number, "confirm_resumed", executed_on=today().isoformat())
        self._read("firm", self.number)
        return True

    def _file(self) -> None:
        firm, record = self.people["firm"], self.of.record
        firm.sign_in(self.of.firm)
        firm.get("records", "/records")
        firm.get("record", f"/records/{record}")
        form = firm.get("form", f"/cases/new/objection?record={record}")
        item = {"record_id": str(record), "field": "violation", "ground": "O1", "claim": "没有"}
        typed = {f"items-0-{name}": value for name, value in item.items()}
        said = "本公司没有该违法行为。"
        kept = firm.post("file", "/cases/new/objection", form, statement=said, **typed)
        self.number = kept.removeprefix("/cases/")
        self._take("firm", self.number, "submit")

    def _accept(self) -> None:
        clerk = self.people["clerk"]
        clerk.get("inbox", "/")
        clerk.get("list", "/cases")
        clerk.get("record", f"/records/{self.of.record}")
        page = self._take("clerk", self.number, "accept")
        self.suspensions = tuple(sorted(set(re.findall(r"/cases/(ZT-\d+-\d+)", page))))
        (self.verification,) = set(re.findall(r"/cases/(HS-\d+-\d+)", page))

    def _verify(self) -> None:
        self._answer("provider", self.verification, "acknowledge")
        found = {"findings-0-finding": "accurate", "findings-0-reasons": REASONS}
        self._take("provider", self.verification, "report", officer="核实员", **found)
        self.people["provider-approver"].get("inbox", "/")
        self._take("provider-approver", self.verification, "endorse")

    def _answer(self, who: str, number: str, step: str, **typed: str) -> None:
        """Find what waits, read the letters, say that they have come, and take the step."""
        self.people[who].get("inbox", "/")
        self._read(who, number)
        self._take(who, number, step, **typed)

    def _read(self, who: str, number: str) -> None:
        """Open the last letter, and confirm all that were not confirmed yet."""
        browser = self.people[who]
        page = browser.get("case", f"/cases/{number}")
        letters = re.findall(r"/notices/(\d+)\.pdf", page)
        if not browser.download("PDF", f"/notices/{letters[-1]}.pdf").startswith(b"%PDF"):
            message = f"PDF: notice {letters[-1]} is none"
            raise Wrong(message)
        for action in sorted(set(re.findall(r'action="(/notices/\d+/receipt)"', page))):
            browser.post("serve", action, page, case=number)

    def _take(self, who: str, number: str, step: str, **typed: str) -> str:
        """Take a step by its form; gives the page of the case afterwards."""
        browser, path = self.people[who], f"/cases/{number}"
        browser.get("case", path)
        form = browser.get("form", f"{path}/steps/{step}")
        browser.post(step, f"{path}/steps/{step}", form, **typed)
        return browser.get("case", path)
