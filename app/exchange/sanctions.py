"""Importing sanctions: what a department applies to a subject, and on which records it rests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

import sqlalchemy as sa

from app.clock import today
from app.db import db
from app.exchange import values
from app.exchange.columns import Cells, Column
from app.exchange.lines import Fate, Line, Outcome
from app.exchange.measures import department_fault, departments
from app.exchange.parsing import Reader, parsed
from app.people.models import Unit
from app.records.commands import recipients_of, share_all
from app.records.identity import Key
from app.records.models import Measure, Record, Sanction, SanctionBasis
from app.records.queries import records_of, rules_today, run_until
from app.tables import Table

COLUMNS: Final = (
    Column("decision_no", "行政处罚决定书文号"),
    Column("authority_code", "处罚机关统一社会信用代码"),
    Column("subject_code", "主体代码"),
    Column("measure", "措施编码"),
    Column("department", "实施部门"),
    Column("starts_on", "开始日期"),
    Column("ends_on", "截止日期"),
)
TITLES: Final = {column.name: column.title for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class SanctionLine:
    """What a line says; without `ends_on` the sanction has no end."""

    record: Key
    measure: str
    department: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that a line names."""

    record: Record
    measure: Measure
    department: Unit


@dataclass
class _There:
    """A sanction and the records on which it rests; `closed`: lifted, or its period is over."""

    sanction: Sanction
    records: set[int]
    closed: bool = False

    def covers(self, line: SanctionLine) -> bool:
        """Whether its period holds all of that of a line."""
        begun = self.sanction.starts_on <= line.starts_on
        return begun and _end(line.ends_on) <= _end(self.sanction.ends_on)


def parse(table: Table) -> Iterator[Line[SanctionLine]]:
    """What each line says, or why it is rejected; raises Unreadable for missing columns."""
    return parsed(table, COLUMNS, _sanction)


def take(lines: Sequence[tuple[int, SanctionLine]]) -> list[Outcome]:
    """Impose sanctions, or let one rest on a further record and run as long as that asks for.

    Lines with the same subject, measure and department are one sanction, unless that is lifted
    or over. The department becomes a recipient of each record.
    """
    plan = _Plan(*_rows(lines))
    outcomes = [plan.decide(number, line) for number, line in lines]
    plan.carry_out()
    return outcomes


@dataclass
class _Plan:
    """What a batch imposes, decided line by line."""

    records: Mapping[Key, Record]
    measures: Mapping[str, Measure]
    units: Mapping[str, Unit]
    there: dict[tuple[int, int, int], list[_There]]
    added: list[tuple[_There, Found]] = field(default_factory=list)

    def decide(self, number: int, line: SanctionLine) -> Outcome:
        """The fate of a line, after all lines before it."""
        found = self._find(line)
        if isinstance(found, str):
            return Outcome(number, Fate.REJECT, found)
        key = found.record.subject_id, found.measure.id, found.department.id
        there = self.there[key]
        if any(found.record.id in one.records and one.covers(line) for one in there):
            return Outcome(number, Fate.SKIP, "同一惩戒措施，内容相同")
        if found.record.ended_on is not None:
            why = f"{TITLES['decision_no']}：该信用记录已失效，不能作为惩戒依据，请核对后重报"
            return Outcome(number, Fate.REJECT, why)
        if running := next((one for one in there if not one.closed), None):
            return self._extend(number, line, running, found)
        return self._impose(number, line, found)

    def carry_out(self) -> None:
        """Write what was decided, and share the records with the departments."""
        db.session.add_all(there.sanction for there, _ in self.added)
        db.session.flush()
        bases = {(there.sanction.id, found.record.id): None for there, found in self.added}
        if not bases:
            return
        old = sa.select(SanctionBasis.sanction_id, SanctionBasis.record_id).where(
            SanctionBasis.sanction_id.in_({sanction_id for sanction_id, _ in bases})
        )
        known = {(row.sanction_id, row.record_id) for row in db.session.execute(old)}
        rows = [
            {"sanction_id": sanction_id, "record_id": record_id}
            for sanction_id, record_id in bases
            if (sanction_id, record_id) not in known
        ]
        if rows:
            db.session.execute(sa.insert(SanctionBasis), rows)
        recipients = recipients_of(
            {found.department.id: found.department for _, found in self.added}.values()
        )
        share_all(
            [(found.record.id, recipients[found.department.id].id) for _, found in self.added]
        )

    def _find(self, line: SanctionLine) -> Found | str:
        """The rows that a line names, or what is wrong with it."""
        record, measure = self.records.get(line.record), self.measures.get(line.measure)
        if record is None:
            return (
                f"{TITLES['decision_no']}：没有该文号、处罚机关和主体的信用记录，请先导入信用记录"
            )
        if measure is None:
            code = line.measure[:40]
            return f"{TITLES['measure']}：措施目录中没有“{code}”，请核对，或先导入措施"
        if fault := department_fault(line.department, self.units):
            return f"{TITLES['department']}：{fault}"
        return Found(record, measure, self.units[line.department])

    def _impose(self, number: int, line: SanctionLine, found: Found) -> Outcome:
        sanction = Sanction(
            subject_id=found.record.subject_id,
            measure_id=found.measure.id,
            department_id=found.department.id,
            starts_on=line.starts_on,
            ends_on=line.ends_on,
        )
        over = line.ends_on is not None and line.ends_on < today()
        there = _There(sanction, {found.record.id}, closed=over)
        self.there[sanction.subject_id, sanction.measure_id, sanction.department_id].append(there)
        self.added.append((there, found))
        return Outcome(number, Fate.ACCEPT, "新增")

    def _extend(self, number: int, line: SanctionLine, there: _There, found: Found) -> Outcome:
        new = found.record.id not in there.records
        there.records.add(found.record.id)
        self.added.append((there, found))
        _run_longer(there.sanction, line)
        why = "已有同一主体、措施和部门的惩戒，增加依据记录" if new else "执行期限已更新"
        return Outcome(number, Fate.UPDATE, why)


def _rows(
    lines: Sequence[tuple[int, SanctionLine]],
) -> tuple[
    dict[Key, Record],
    dict[str, Measure],
    dict[str, Unit],
    dict[tuple[int, int, int], list[_There]],
]:
    """All that the lines may name, in eight queries."""
    decisions = {line.record[0] for _, line in lines}
    chosen = sa.select(Record).where(Record.decision_no.in_(decisions)).order_by(Record.id)
    records = {
        (one.decision_no, one.authority_code, one.subject_code): one
        for one in db.session.scalars(chosen.with_for_update(key_share=True))
    }
    measures = {one.code: one for one in db.session.scalars(sa.select(Measure))}
    subjects = {record.subject_id for record in records.values()}
    return records, measures, departments(), _there(subjects)


def _there(subject_ids: set[int]) -> dict[tuple[int, int, int], list[_There]]:
    """The sanctions of subjects by subject, measure and department."""
    chosen = sa.select(Sanction).where(Sanction.subject_id.in_(subject_ids)).order_by(Sanction.id)
    sanctions = list(db.session.scalars(chosen))
    ids, day = [one.id for one in sanctions], today()
    bases = records_of(ids)
    ends = run_until(ids, day, rules_today().choice("suspension.counts"))
    found: dict[tuple[int, int, int], list[_There]] = defaultdict(list)
    for one in sanctions:
        closed = one.lifted_on is not None or _end(ends[one.id]) < day
        key = one.subject_id, one.measure_id, one.department_id
        found[key].append(_There(one, set(bases[one.id]), closed=closed))
    return found


def _end(day: date | None) -> date:
    return day or date.max


def _run_longer(sanction: Sanction, line: SanctionLine) -> None:
    """The period holds that of the line as well; time under suspension stays added."""
    sanction.starts_on = min(sanction.starts_on, line.starts_on)
    if sanction.ends_on is None or _end(line.ends_on) <= sanction.ends_on:
        return
    if line.ends_on is None or sanction.runs_until is None:
        sanction.runs_until = None
    else:
        sanction.runs_until += line.ends_on - sanction.ends_on
    sanction.ends_on = line.ends_on


def _sanction(cells: Cells) -> SanctionLine:
    reader = Reader(cells, TITLES)
    key = (
        reader.need("decision_no", partial(values.text, longest=128)),
        reader.need("authority_code", values.code),
        reader.need("subject_code", values.code),
    )
    starts_on = reader.need("starts_on", values.day)
    ends_on = reader.get("ends_on", values.end_day)
    if ends_on is not None and ends_on < starts_on:
        reader.refuse("ends_on", f"{ends_on}早于开始日期{starts_on}，请核对后重报")
    return SanctionLine(
        record=key,
        measure=reader.need("measure", values.code),
        department=reader.need("department", partial(values.text, longest=200)),
        starts_on=starts_on,
        ends_on=ends_on,
    )
