"""Importing records: a new one, a new version, nothing, or the reason why not."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import sqlalchemy as sa

from app.cases.queries import cases_on
from app.db import db
from app.exchange.authorities import Authorities
from app.exchange.lines import Fate, Outcome
from app.exchange.masking import without_numbers
from app.exchange.repeats import Repeats, repeats_of, said_later
from app.exchange.status import Status, status_of
from app.records.batches import NewRecord, add_records, renew_records
from app.records.identity import Content, Said, said
from app.records.models import EndedBy, Origin, Record, RecordVersion
from app.records.queries import annotated, rules_today
from app.records.words import ENDINGS
from workflows import WORKFLOWS

Numbered = tuple[int, Content]
"""The number of a line and what it says."""
KIND_TITLES: Final = {workflow.prefix: workflow.title for workflow in WORKFLOWS.values()}
"""What the kinds of case are called, by the beginning of their numbers."""


class Locked(NamedTuple):
    """A record that is there, as far as a line asks; nobody else changes it meanwhile."""

    id: int
    ended_by: EndedBy | None
    ended_on: date | None


@dataclass
class Known:
    """What is known of a record when a line comes: what it says now, and why it is not changed."""

    says: bytes
    record: Locked | None = None
    hindrance: str = ""
    outdated: frozenset[bytes] = frozenset()
    new: bool = False


@dataclass
class Importer:
    """Takes batches of lines that say what records say.

    `only_unit`: the code of the one authority whose lines are taken, None for all. `repeats`: those
    of the whole file, without which a batch knows only its own. A dry run changes nothing and so
    has to remember what earlier batches would have done.
    """

    only_unit: str | None = None
    dry_run: bool = False
    repeats: Repeats | None = None
    _remembered: dict[str, bytes] = field(default_factory=dict)

    def take(self, lines: Sequence[Numbered]) -> list[Outcome]:
        """Give each line its fate, and do what it asks for; inside transaction()."""
        units = Authorities.registered(self.only_unit)
        wanted = [(number, said(units.named(line))) for number, line in lines]
        repeats = self.repeats or repeats_of(wanted)
        plan = _Plan(_known([one for _, one in wanted], self._remembered), repeats, units)
        outcomes = [
            plan.decide(number, one, status_of(line))
            for (number, one), (_, line) in zip(wanted, lines, strict=True)
        ]
        if self.dry_run:
            self._remembered |= plan.said
        else:
            plan.carry_out()
        return outcomes


@dataclass
class _Plan:
    """What a batch will change, decided line by line before anything is changed."""

    known: dict[str, Known]
    repeats: Repeats
    units: Authorities
    new: dict[str, Said] = field(default_factory=dict)
    renewed: list[Said] = field(default_factory=list)
    said: dict[str, bytes] = field(default_factory=dict)

    def decide(self, number: int, line: Said, status: Status) -> Outcome:
        """The fate of a line, after all lines before it."""
        if fault := self.units.fault(line.content):
            return Outcome(number, Fate.REJECT, without_numbers(fault))
        if status is Status.REVOKED:
            return Outcome(number, Fate.SKIP, _revoked(self.known.get(line.key)), line.key)
        fate, why = self._fate(number, line)
        if status is not Status.NORMAL or fate is Fate.SKIP:
            why = without_numbers(why + _remark(status, line.content))
        return Outcome(number, fate, why, line.key)

    def _fate(self, number: int, line: Said) -> tuple[Fate, str]:
        """What becomes of a line about a decision that stands, and why."""
        _, key, _, says = line
        known = self.known.get(key)
        if known is None:
            self.known[key] = Known(says, new=True)
            self.new[key], self.said[key] = line, says
            return Fate.ACCEPT, "新增"
        if why := _why_not(known, says, said_later(self.repeats, key, number)):
            return Fate.SKIP, why
        known.says = self.said[key] = says
        self.renewed.append(line)
        return Fate.UPDATE, "内容有变化，已存为新版本，原版本保留"

    def carry_out(self) -> None:
        """Add what is new, then give new versions to what is there by then."""
        ids = {key: known.record.id for key, known in self.known.items() if known.record}
        if self.new:
            lines = self.new.values()
            providers = [self.units.provider_of(one.content).id for one in lines]
            added = add_records(list(map(NewRecord, lines, providers)))
            ids |= dict(zip(self.new, added, strict=True))
        if self.renewed:
            records = _records({ids[line.key] for line in self.renewed})
            renew_records([(records[ids[line.key]], line) for line in self.renewed])


def _revoked(known: Known | None) -> str:
    """Why a line is skipped whose decision was revoked: a record is never changed in silence."""
    if known is None:
        return "已撤销的决定不再导入"
    if known.record is None:
        return "来源标注该决定已撤销，但文件前面的行已按有效决定导入，请在该记录页面开启更正、撤销"
    if known.record.ended_by:
        return (
            f"来源标注该决定已撤销，记录{known.record.id}在本系统中{ENDINGS[known.record.ended_by]}"
        )
    limit = rules_today().length("correction.annulled")
    return (
        f"来源标注该决定已撤销，记录{known.record.id}未作改动，"
        f"请信息提供单位在该记录页面开启更正、撤销（{limit.value}个工作日内）"
    )


def _remark(status: Status, content: Content) -> str:
    """What to say of a decision that is taken, but does not stand unquestioned at its source."""
    if status is Status.CONTESTED:
        return "；来源标注有异议"
    if status is Status.OTHER:
        return f"；来源标注状态为其他，备注：{content['note'] or '未填写'}"
    return ""


def _why_not(known: Known, says: bytes, later: Collection[bytes]) -> str:
    """Why a record that is there stays as it is; empty where it is given a new version.

    `later`: what later lines of the file say of it. Where one of them is what the record says by
    now, this file was imported before, at least to there.
    """
    if known.says == says:
        return "同一记录，内容相同"
    if not known.new and known.says in later:
        return "文件中其后另有该记录的内容，与现有内容相同"
    if known.hindrance:
        return known.hindrance
    if says in known.outdated:
        return "与更正前的内容相同：该记录已依法更正，请在来源系统中同步更正"
    return ""


def _known(lines: Sequence[Said], remembered: Mapping[str, bytes]) -> dict[str, Known]:
    """What is known of the records that the lines are about, by key; in six queries at most."""
    keys = {one.key for one in lines}
    found = _there(keys, {one.text: one.digest for one in lines})
    for key in keys & remembered.keys():
        found[key] = found.get(key) or Known(b"")
        found[key].says = remembered[key]
    return found


def _there(keys: set[str], digests: Mapping[str, bytes]) -> dict[str, Known]:
    """What is known of records that are there; `digests`: of contents, by their text."""
    found: dict[str, Known] = {}
    having = sa.select(RecordVersion.record_id).where(RecordVersion.key.in_(keys))
    records = _locked(set(db.session.scalars(having)))
    hindrances = _hindrances(records.values())
    for record_id, versions in _versions(records, digests).items():
        record = records[record_id]
        known = _of(record, versions, hindrances.get(record_id, ""))
        for key in {version.key for version in versions} & keys:
            if key == versions[-1].key:
                found[key] = known
            else:
                moved = "该记录的文号、机关或主体已依法更正，请在来源系统中同步更正"
                found.setdefault(key, Known(b"", record, moved))
    return found


class _Version(NamedTuple):
    """A version of a record: its number, key and origin, and the digest of what it says."""

    number: int
    key: str
    origin: Origin
    says: bytes


def _of(record: Locked, versions: Sequence[_Version], hindrance: str) -> Known:
    """`versions`: all of the record, oldest first."""
    corrected = max((v.number for v in versions if v.origin is not Origin.IMPORT), default=0)
    outdated = {v.says for v in versions if v.number < corrected}
    return Known(versions[-1].says, record, hindrance, frozenset(outdated))


def _versions(ids: Collection[int], digests: Mapping[str, bytes]) -> dict[int, list[_Version]]:
    """All versions of records, oldest first."""
    found: dict[int, list[_Version]] = {}
    if not ids:
        return found
    row = RecordVersion
    columns = row.record_id, row.version, row.key, row.origin, sa.cast(row.content, sa.Text)
    chosen = sa.select(*columns).where(row.record_id.in_(ids)).order_by(row.version)
    for record_id, number, key, origin, content in db.session.execute(chosen):
        # Most say what a line says, and then need not be read; older ones may be written otherwise.
        says = digests.get(content) or said(json.loads(content)).digest
        found.setdefault(record_id, []).append(_Version(number, key, origin, says))
    return found


def _locked(ids: Collection[int]) -> dict[int, Locked]:
    """The records, locked: a case that is filed now waits, and sees what the import made."""
    if not ids:
        return {}
    chosen = sa.select(Record.id, Record.ended_by, Record.ended_on).where(Record.id.in_(ids))
    locking = chosen.order_by(Record.id).with_for_update(key_share=True)
    return {row.id: Locked(*row) for row in db.session.execute(locking)}


def _records(ids: Collection[int]) -> dict[int, Record]:
    """Records that are new or locked, by their keys."""
    return {one.id: one for one in db.session.scalars(sa.select(Record).where(Record.id.in_(ids)))}


def _hindrances(records: Collection[Locked]) -> dict[int, str]:
    """Why records are not overwritten, by their ids; free ones are left out."""
    if not records:
        return {}
    ended = {
        one.id: f"该记录{ENDINGS[one.ended_by]}（{one.ended_on}），不再更新"
        for one in records
        if one.ended_by
    }
    ids = [one.id for one in records]
    marked = {record_id: cases[0] for record_id, cases in annotated(ids).items()}
    busy = {
        record_id: f"该记录正在办理{_kind_of(number)}（{number}），暂不覆盖，办结后请重新导入"
        for record_id, number in (marked | cases_on(ids)).items()
    }
    return busy | ended


def _kind_of(number: str) -> str:
    """What kind of case it is, by its number."""
    return KIND_TITLES.get(number.partition("-")[0], "案件")
