"""What is true of records and sanctions, whatever cases did to them (2, 5, 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from app.records.queries import in_force
from tests.walks.register import Register, Row
from tests.walks.waiting import is_open

CONTESTING = {"verifying", "deciding"}
TO_BE_CORRECTED = {"ordered", "corrected"}
REPAIRED = {"executing", "repaired", "revoking"}
"""The states of a repair in which its effects stand."""
DAY = timedelta(days=1)
Stop = tuple[date, date | None]


class Sanctions:
    """How each sanction stands on a day, from the sentence under Suspension and nothing derived."""

    def __init__(self, register: Register, on: date, policy: Mapping[str, str]) -> None:
        self.register, self.on = register, on
        self.counts = policy.get("suspension.counts", "no")
        self.ends = policy.get("record.past_maximum", "supports") == "ends"
        self.bases: dict[int, set[int]] = defaultdict(set)
        for row in register["sanction_bases"]:
            self.bases[row.sanction_id].add(row.record_id)
        self.records = {row.id: row for row in register["records"]}
        self.held: dict[int, list[Stop]] = defaultdict(list)
        self.holders: dict[int, set[str]] = defaultdict(set)
        for row in register["holds"]:
            if row.since is not None:
                self.held[row.sanction_id].append((row.since, row.until))
            if row.until is None:
                self.holders[row.sanction_id].add(row.case_number)
        self.resuming: dict[int, list[Stop]] = defaultdict(list)
        for row in register["sanction_orders"]:
            if row.what.value == "resume":
                self.resuming[row.sanction_id].append((row.given_on, row.ended_on))
        self.suspended: dict[int, Row] = {}
        for row in register["suspensions"]:
            case = register.cases[row.case_id]
            if is_open(case):
                self.suspended[row.sanction_id] = case

    def valid_records(self, row: Row) -> set[int]:
        """The records that support it: they name its subject and are valid."""
        own = (self.records[key] for key in self.bases[row.id])
        return {one.id for one in own if one.subject_id == row.subject_id and not one.ended_on}

    def supported(self, row: Row) -> bool:
        """Whether one supports it today; past its maximum period as the city's rule says."""
        found = (self.records[key].disclosed_until for key in self.valid_records(row))
        return any(not self.ends or until is None or until >= self.on for until in found)

    def last_day(self, row: Row) -> date:
        """The day on which its period is used up."""
        stops = (*self.held[row.id], *self.resuming[row.id])
        counted = () if self.counts == "yes" else tuple(sorted(stops, key=str))
        return last_day(row.starts_on, row.ends_on, counted, self.on)

    def in_force(self, row: Row) -> bool:
        """The day lies in its period, and nothing stops it."""
        held = any(a <= self.on and (b is None or self.on < b) for a, b in self.held[row.id])
        waiting = self.suspended.get(row.id)
        ordered = waiting is not None and waiting.state in {"resuming", "lifting"}
        lifted = row.lifted_on is not None and row.lifted_on <= self.on
        runs = row.starts_on <= self.on <= self.last_day(row)
        return runs and not (lifted or held or ordered) and self.supported(row)


@lru_cache(maxsize=4096)
def last_day(starts_on: date, ends_on: date | None, stops: Sequence[Stop], on: date) -> date:
    """The last day of a period of which a day on which it was stopped is not used."""
    if ends_on is None:
        return date.max
    left, day = (ends_on - starts_on).days + 1, starts_on
    stood = {
        since + number * DAY
        for since, until in stops
        for number in range(((until or on) - since).days)
    }
    while left and day <= max(stood, default=date.min):
        left -= day not in stood
        day += DAY
    return day + timedelta(days=left - 1)


def sanctions_are_in_force_as_the_law_says(
    known: Sanctions, told: dict[int, tuple[object, ...]]
) -> None:
    """2: the program says the same; `told`: on what it was asked last, by sanction."""
    said: dict[int, bool] = {}
    for row in known.register["sanctions"]:
        said[row.id] = known.in_force(row)
        stops = (tuple(known.held[row.id]), tuple(known.resuming[row.id]))
        case = known.suspended.get(row.id)
        rests = (row, stops, case and case.state, known.supported(row), known.on)
        if told.get(row.id) == rests:
            del said[row.id]
        told[row.id] = rests
    if said:
        found = in_force(list(said), known.on, "ends" if known.ends else "supports")
        wrong = {key: told[key] for key in said if said[key] != found[key]}
        assert not wrong, wrong


def orders_follow_from_suspensions(known: Sanctions) -> None:
    """2: an order for each suspension that resumes or lifts, a suspension for each hold."""
    register = known.register
    wanted = {"resuming": "resume", "lifting": "lift"}
    found = {
        row.case_number: row.what.value for row in register["sanction_orders"] if not row.ended_on
    }
    open_ones = {case.number: case.state for case in known.suspended.values()}
    assert found == {number: wanted[s] for number, s in open_ones.items() if s in wanted}
    for row in register["suspensions"]:
        case = register.cases[row.case_id]
        assert (row.open_on is not None) == is_open(case), (case.number, case.state)
        held = bool(known.holders[row.sanction_id])
        if case.state in {"ordered", "suspended"}:
            assert held, (case.number, case.state)
        assert not (held and case.state == "resuming"), case.number
    links = {(row.parent_id, row.child_id) for row in register["case_links"]}
    lifted = {row.id for row in register["sanctions"] if row.lifted_on}
    for sanction, numbers in known.holders.items():
        if not numbers or sanction in lifted:
            continue
        assert sanction in known.suspended, (sanction, numbers)
        child = known.suspended[sanction].id
        for number in numbers:
            assert (register.by_number[number].id, child) in links, (number, child)


def what_lost_its_last_record_is_lifted(known: Sanctions, supported: set[int]) -> None:
    """2: at once ordered lifted, and for good; `supported`: what a valid record once supported."""
    for row in known.register["sanctions"]:
        if known.valid_records(row):
            supported.add(row.id)
        elif row.id in supported and row.lifted_on is None and known.last_day(row) >= known.on:
            case = known.suspended.get(row.id)
            assert case is not None, row.id
            assert case.state == "lifting", (row.id, case.number, case.state)


def contested_records_are_marked(known: Sanctions) -> None:
    """5, 7: marked is what an objection contests now; held is what rests on it."""
    register, contested = known.register, _contested(known.register)
    marks: dict[str, set[int]] = defaultdict(set)
    for row in register["switch_periods"]:
        if row.switch.value == "annotation" and row.until is None:
            marks[row.case_number or ""].add(row.record_id)
    for number, found in contested.items():
        missing = found - marks.get(number, set())
        # A dismissal lets go at once; a correction that reinstates afterwards contests nothing.
        assert not missing or _kinds_to_be_corrected(register, number) == {"reinstate"}, (
            number,
            missing,
        )
    for number, found in marks.items():
        assert found <= contested.get(number, set()), (number, found, contested.get(number))
    for sanction, numbers in known.holders.items():
        for number in numbers:
            assert known.bases[sanction] & contested.get(number, set()), (sanction, number)


def _contested(register: Register) -> dict[str, set[int]]:
    contested: dict[str, set[int]] = defaultdict(set)
    for item in register["items"]:
        case = register.cases[item.case_id]
        if case.state in CONTESTING:
            contested[case.number].add(item.record_id)
    for row in register["corrections"]:
        case = register.cases[row.case_id]
        parent = register.cases.get(case.parent_id or 0)
        if parent is not None and parent.state == "executing" and case.state in TO_BE_CORRECTED:
            contested[parent.number].add(row.record_id)
    return contested


def _kinds_to_be_corrected(register: Register, number: str) -> set[str | None]:
    parent = register.by_number[number].id
    rows = ((row, register.cases[row.case_id]) for row in register["corrections"])
    return {
        row.decided_kind
        for row, case in rows
        if case.parent_id == parent and case.state in TO_BE_CORRECTED
    }


def what_rests_on_contested_records_is_held(known: Sanctions, policy: Mapping[str, str]) -> None:
    """Once the clock has run: each running sanction is held by each case that contests it.

    Unless the department declined to that case; or it rests on another record as well, where the
    city holds only what is contested altogether.
    """
    register = known.register
    if policy.get("suspension.shared", "hold") != "hold":
        return
    marked = [
        row
        for row in register["switch_periods"]
        if row.switch.value == "annotation" and not row.until
    ]
    ever = {(row.sanction_id, row.case_number) for row in register["holds"]}
    for row in register["sanctions"]:
        if row.lifted_on is not None or known.last_day(row) < known.on:
            continue
        for mark in marked:
            if mark.record_id in known.bases[row.id]:
                assert (row.id, mark.case_number) in ever, (row.id, mark.case_number)


def what_is_suspended_can_be_resumed(known: Sanctions) -> None:
    """Once the clock has run: nothing waits to resume that is over or that no record supports."""
    for row in known.register["sanctions"]:
        case = known.suspended.get(row.id)
        if case is not None and case.state != "lifting":
            assert known.supported(row), (row.id, case.number)
            assert known.last_day(row) >= known.on, (row.id, case.number)


def what_has_ended_holds_nothing(known: Sanctions) -> None:
    """7: no hold, no mark, no open verification or correction; suspensions have a reason."""
    register = known.register
    for row in register["holds"]:
        assert row.until or is_open(register.by_number[row.case_number]), row.case_number
    for row in register["switch_periods"]:
        if row.switch.value == "annotation" and row.until is None:
            assert is_open(register.by_number[row.case_number]), row.case_number
    suspended = {row.case_id: row.sanction_id for row in register["suspensions"]}
    for link in register["case_links"]:
        parent, child = register.cases[link.parent_id], register.cases[link.child_id]
        if is_open(parent) or not is_open(child):
            continue
        assert child.kind == "suspension", (parent.number, child.number)
        others = known.holders[suspended[child.id]] - {parent.number}
        assert child.state in {"resuming", "lifting"} or others, (parent.number, child.number)


# --- records


def switches_are_as_the_records_say(known: Sanctions) -> None:
    """2: used is what is valid; disclosed to its day; executed on while nobody contests it."""
    on: dict[tuple[int, str], int] = defaultdict(int)
    for row in known.register["switch_periods"]:
        if row.since <= known.on and (row.until is None or known.on < row.until):
            on[row.record_id, row.switch.value] += 1
    for record in known.records.values():
        told = (record.id, record.ended_by, record.disclosed_until, known.on)
        valid, until = record.ended_on is None, record.disclosed_until
        marked = bool(on[record.id, "annotation"])
        shown = valid and until is not None and known.on <= until
        assert on[record.id, "disclosure"] == shown, ("disclosure", *told)
        assert on[record.id, "sharing"] == valid, ("sharing", *told)
        assert on[record.id, "sanctions"] == (valid and not marked), ("sanctions", *told)


def records_are_repaired_as_their_repairs_say(known: Sanctions) -> None:
    """A record is repaired while a repair of it stands, and never valid meanwhile."""
    standing: dict[int, list[date]] = defaultdict(list)
    for row in known.register["repairs"]:
        state = known.register.cases[row.case_id].state
        told = (row.case_id, state, row.repaired_on, row.barred_until)
        assert (row.repaired_on is not None) == (state in REPAIRED), told
        assert (row.barred_until is not None) == (state == "revoked"), told
        if row.repaired_on is not None:
            standing[row.record_id].append(row.repaired_on)
    for record in known.records.values():
        said = (record.id, record.repaired_on, record.ended_by, standing[record.id])
        assert (record.repaired_on is not None) == bool(standing[record.id]), said
        if record.repaired_on is not None:
            assert record.ended_on is not None, said
            assert record.repaired_on in standing[record.id], said
        if record.ended_by is not None and record.ended_by.value == "repair":
            assert record.ended_on == record.repaired_on, said


def records_say_what_their_last_version_says(known: Sanctions) -> None:
    """Versions count 1, 2, 3 …; the columns mirror the last."""
    for record in known.records.values():
        rows = known.register.versions[record.id]
        assert [row.version for row in rows] == list(range(1, record.version + 1)), record.id
        said = rows[-1].content
        assert record.decision_no == said["decision_no"], record.id
        assert record.authority_code == said["authority_code"], record.id
        assert record.decided_on.isoformat() == said["decided_on"], record.id


def what_is_not_shared_was_cut_off(known: Sanctions) -> None:
    """Sharing with a recipient stops for nothing else, and a cut off message stops it."""
    cut = {
        (row.record_id, row.recipient_id)
        for row in known.register["messages"]
        if row.cut_off_on is not None
    }
    for row in known.register["shares"]:
        assert row.stopped_on is None or (row.record_id, row.recipient_id) in cut, row.id


def recipients_of(register: Register, record: int) -> list[int]:
    """The keys of those with whom a record is shared."""
    return sorted(
        row.recipient_id
        for row in register["shares"]
        if row.record_id == record and row.stopped_on is None
    )


def all_of(known: Sanctions) -> None:
    """All that is told above of one day, but for what only the clock brings about."""
    orders_follow_from_suspensions(known)
    contested_records_are_marked(known)
    what_has_ended_holds_nothing(known)
    switches_are_as_the_records_say(known)
    records_are_repaired_as_their_repairs_say(known)
    records_say_what_their_last_version_says(known)
    what_is_not_shared_was_cut_off(known)
