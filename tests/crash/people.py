"""People at work: each thread asks for one thing after the other, and for the same until it knows."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.app.cases.samples import pdf
from tests.crash import inputs
from tests.crash.asking import Answer, Browser, Request, Silence, ask, call, upload
from tests.crash.ledger import Deed, Ledger
from tests.crash.papers import export
from tests.crash.town import Somebody, Town

FILERS = ("subject", "subject", "stranger")
AT_THE_MOST = 40
"""Open objections and repairs in the inbox of an office: then nobody files more."""
SETTLING = 1.0
"""Seconds after which PostgreSQL has finished a commit of somebody who is dead."""
_numbers = count(1)
LookUp = Callable[[Deed], bool]


@dataclass
class Work:
    """What all threads share: `open` while the program can be asked, `over` when they shall end.

    `look_up`: whether something unanswered was done, asked of the database before it is repeated.
    """

    town: Town
    ledger: Ledger
    port: int
    look_up: LookUp
    run: str
    imports: int
    open: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    browsers: dict[str, Browser] = field(default_factory=dict)
    signing_in: threading.Lock = field(default_factory=threading.Lock)

    def browser(self, who: Somebody) -> Browser:
        """The browser of somebody, signed in once; raises Silence."""
        with self.signing_in:
            if who.name not in self.browsers:
                browser = Browser(self.port, who)
                browser.sign_in()
                self.browsers[who.name] = browser
            return self.browsers[who.name]


class Worker(threading.Thread):
    """One of those who ask."""

    def __init__(self, work: Work, seed: int) -> None:
        super().__init__(name=f"people-{seed}", daemon=True)
        self.work = work
        self.chance = random.Random(seed)

    def run(self) -> None:
        """Until it is over, and what was asked last has its answer."""
        deeds, weights = zip(*DEEDS.items(), strict=True)
        while not self.work.over.is_set():
            if not self.work.open.wait(0.2):
                continue
            try:
                deed = self.chance.choices(deeds, weights)[0](self)
            except Silence:
                time.sleep(0.05)
                continue
            except Exception as error:  # noqa: BLE001 -- it is told when the program is looked at
                self.work.ledger.fault(f"{type(error).__name__}: {error}")
                continue
            if deed is not None:
                self.settle(deed)

    def settle(self, deed: Deed) -> None:
        """Send it until there is a whole answer."""
        self.work.ledger.begin(deed)
        while True:
            self.work.open.wait()
            if deed.unanswered and self._needs_no_repeat(deed):
                return
            try:
                answer = ask(self.work.port, deed.request)
            except Silence as silence:
                if silence.sent:
                    self.work.ledger.silence(deed)
                time.sleep(0.05)
                continue
            if self.work.ledger.answered(deed, answer):
                return
            time.sleep(0.1)

    def _needs_no_repeat(self, deed: Deed) -> bool:
        """Look once whether it was done; what has no key is not asked again then."""
        if not has_key(deed):
            time.sleep(SETTLING)
        if deed.was_done is None or not has_key(deed):
            deed.was_done = self.work.look_up(deed)
        if deed.was_done and not has_key(deed):
            self.work.ledger.found(deed)
            return True
        return False

    def somebody(self, *names: str) -> Somebody:
        """One of these, or anybody."""
        return self.work.town.people[self.chance.choice(names or sorted(self.work.town.people))]

    def get(self, who: Somebody, path: str) -> Any:
        """What the API tells; None where it tells nothing. Raises Silence."""
        answer: Answer = ask(self.work.port, call(who, "GET", path))
        if answer.status >= 500 and answer.status != 503:
            self.work.ledger.fault(f"{answer.status} for GET {path}")
        return answer.json if answer.status == 200 else None

    def inbox(self, who: Somebody, kind: str = "") -> list[dict[str, Any]]:
        """What waits for somebody: the most pressing of it."""
        narrowed = f"&kind={kind}" if kind else ""
        found = self.get(who, f"/cases?inbox=1{narrowed}")
        return found["items"] if found else []

    def new_key(self) -> str:
        """A key, a title or a name that nobody uses again."""
        return f"{self.work.run}-{next(_numbers)}"


def has_key(deed: Deed) -> bool:
    """Whether the program itself sees to it that a repeat does nothing again."""
    return deed.what not in {"attach", "hand in"}


# --- what they do


def go_on(worker: Worker) -> Deed | None:
    """Take a step of a case that waits for somebody, by the API or by its form."""
    who = worker.somebody()
    waiting = worker.inbox(who)
    if not waiting:
        return None
    number = worker.chance.choice(waiting)["number"]
    steps = worker.get(who, f"/cases/{number}/steps")
    if not steps:
        return None
    names = [one["name"] for one in steps["items"] if one["allowed"] and inputs.known(one["name"])]
    weights = [inputs.RARE.get(name, 1.0) for name in names]
    if not names or worker.chance.random() > max(weights):
        return None
    step = worker.chance.choices(names, weights)[0]
    case = worker.get(who, f"/cases/{number}") if inputs.depends(step) else {}
    if case is None:
        return None
    given = inputs.given(case, step, worker.chance)
    if all(isinstance(value, str) for value in given.values()) and worker.chance.random() < 0.3:
        return _by_form(worker, who, f"/cases/{number}/steps/{step}", given, ("step", number, step))
    key = worker.new_key()
    request = call(who, "POST", f"/cases/{number}/steps/{step}", given, key)
    return Deed(who, "step", request, key, number, step)


def _by_form(
    worker: Worker,
    who: Somebody,
    path: str,
    typed: Mapping[str, str],
    named: tuple[str, str, str],
) -> Deed | None:
    what, number, step = named
    browser = worker.work.browser(who)
    hidden = browser.hidden_fields(path)
    if hidden is None or not hidden.get("once"):
        return None
    request = browser.form(path.partition("?")[0], hidden | dict(typed))
    return Deed(who, what, request, hidden["once"], number, step)


def object_to(worker: Worker) -> Deed | None:
    """File an objection to one record or two."""
    who = worker.somebody(*FILERS)
    if len(worker.inbox(worker.somebody("clerk"))) >= AT_THE_MOST:
        return None
    own = worker.work.town.others if who.name == "stranger" else worker.work.town.records
    records = worker.chance.sample(own, worker.chance.choice([1, 1, 2]))
    items = [inputs.item(one, worker.chance) for one in records]
    if len(items) == 1 and worker.chance.random() < 0.3:
        return _object_by_form(worker, who, items[0])
    key = worker.new_key()
    body = {"kind": "objection", "source": "subject", "statement": inputs.TEXT, "items": items}
    return Deed(who, "file", call(who, "POST", "/cases", body, key), key, step="file")


def _object_by_form(worker: Worker, who: Somebody, item: dict[str, Any]) -> Deed | None:
    typed = {f"items-0-{name}": str(value) for name, value in item.items()}
    path = f"/cases/new/objection?record={item['record_id']}"
    return _by_form(worker, who, path, typed | {"statement": inputs.TEXT}, ("file", "", "file"))


def apply_for_repair(worker: Worker) -> Deed | None:
    """File a repair of a record."""
    who = worker.somebody("subject")
    if len(worker.inbox(worker.somebody("provider"), "repair")) >= AT_THE_MOST:
        return None
    record = worker.chance.choice(worker.work.town.records)
    key = worker.new_key()
    body = {"kind": "repair", "record_id": record, "reasons": inputs.TEXT, "commitment": True}
    return Deed(who, "file", call(who, "POST", "/cases", body, key), key, step="file")


def find_an_error(worker: Worker) -> Deed:
    """A provider corrects a record of its own."""
    who = worker.somebody("provider", "provider2")
    place = 0 if who.name == "provider" else 1
    record = worker.chance.choice(worker.work.town.records[place::2])
    key = worker.new_key()
    body = {"kind": "correction", "record_id": record, "basis": inputs.TEXT}
    return Deed(who, "file", call(who, "POST", "/cases", body, key), key, step="open")


def attach(worker: Worker) -> Deed | None:
    """Add a file to a case that waits; a repair needs one to be handed in."""
    who = worker.somebody("subject", "subject", "provider", "clerk")
    waiting = worker.inbox(who, worker.chance.choice(["", "repair"]))
    if not waiting:
        return None
    case = worker.chance.choice(waiting)
    title = worker.new_key()
    proves = {"proves": "duties"} if (case["kind"], case["state"]) == ("repair", "draft") else {}
    data = pdf(stream=f"({title}) Tj".encode() * worker.chance.randint(1, 3000))
    path = f"/cases/{case['number']}/attachments"
    request = upload(who, path, ("凭证.pdf", data), title=title, **proves)
    return Deed(who, "attach", request, title, case["number"])


def confirm_receipt(worker: Worker) -> Deed | None:
    """Confirm that a notice has come, on the page of its case."""
    who = worker.somebody("subject", "provider", "executor", "provider2")
    listed = worker.get(who, "/cases")
    if not listed or not listed["items"]:
        return None
    number = worker.chance.choice(listed["items"])["number"]
    case = worker.get(who, f"/cases/{number}")
    open_ones = [one["id"] for one in case["notices"] if not one["served_on"]] if case else []
    if not open_ones:
        return None
    notice = worker.chance.choice(open_ones)
    browser = worker.work.browser(who)
    hidden = browser.hidden_fields(f"/cases/{number}")
    if hidden is None or "csrf_token" not in hidden:
        return None
    said = {"csrf_token": hidden["csrf_token"], "case": number}
    request = browser.form(f"/notices/{notice}/receipt", said)
    return Deed(who, "serve", request, worker.new_key(), number, "served", ref=notice)


def receipt(worker: Worker) -> Deed | None:
    """A department confirms what it was told of a record."""
    who = worker.somebody("executor", "executor2", "executor-approver")
    found = worker.get(who, "/messages?open=1")
    sent = [one["id"] for one in found["items"] if one["sent_at"]] if found else []
    if not sent:
        return None
    key = worker.chance.choice(sent)
    request = call(who, "POST", f"/messages/{key}/receipt", {})
    return Deed(who, "receipt", request, worker.new_key(), ref=key)


def hand_in(worker: Worker) -> Deed | None:
    """Hand a file of records in, as long as there is enough of them."""
    with worker.work.signing_in:
        if worker.work.imports <= 0:
            return None
        worker.work.imports -= 1
    who = worker.somebody("provider", "provider-approver")
    name = f"{worker.new_key()}.csv"
    return handed_in(who, name)


def handed_in(who: Somebody, name: str) -> Deed:
    """The deed of handing in a file of this name."""
    return Deed(who, "hand in", upload(who, "/imports", (name, export(name))), name)


def read_a_notice(worker: Worker) -> Deed | None:
    """Open the PDF of a notice, which is drawn where that has not happened yet."""
    who = worker.somebody("subject", "clerk")
    listed = worker.get(who, "/cases")
    if not listed or not listed["items"]:
        return None
    case = worker.get(who, f"/cases/{worker.chance.choice(listed['items'])['number']}")
    if case and case["notices"]:
        key = worker.chance.choice(case["notices"])["id"]
        headers = (("Authorization", f"Bearer {who.token}"),)
        ask(worker.work.port, Request("GET", f"/api/v1/notices/{key}.pdf", b"", headers))
    return None


DEEDS: dict[Callable[[Worker], Deed | None], float] = {
    go_on: 30,
    object_to: 4,
    apply_for_repair: 2,
    find_an_error: 0.5,
    attach: 4,
    confirm_receipt: 3,
    receipt: 4,
    hand_in: 3,
    read_a_notice: 0.3,
}
"""And how often each is done among all."""
