"""Importing records: a new one, a new version, nothing, or the reason why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.cases.queries import cases_on
from app.db import db
from app.exchange.lines import Fate, Outcome
from app.exchange.penalties import TITLES
from app.people.models import Unit
from app.records.batches import NewRecord, add_records, renew_records
from app.records.identity import Content, content_digest, key_digest, key_of
from app.records.models import Origin, Record, RecordVersion
from app.records.queries import annotated
from app.records.words import ENDINGS

Numbered = tuple[int, Content]
"""The number of a line and what it says."""


@dataclass
class Known:
    """What is known of a record when a line comes: what it says now, and why it is not changed."""

    says: bytes
    record: Record | None = None
    hindrance: str = ""
    outdated: frozenset[bytes] = frozenset()
    new: bool = False


@dataclass
class Importer:
    """Takes batches of lines that say what records say.

    A dry run changes nothing and so has to remember what earlier batches would have done.
    """

    dry_run: bool = False
    _remembered: dict[str, bytes] = field(default_factory=dict)

    def take(self, lines: Sequence[Numbered]) -> list[Outcome]:
        """Give each line its fate, and do what it asks for; inside transaction()."""
        contents = [content for _, content in lines]
        plan = _Plan(_known(contents, self._remembered), _last(contents))
        units = _units()
        outcomes = [plan.decide(number, content, units) for number, content in lines]
        if self.dry_run:
            self._remembered |= plan.said
        else:
            plan.carry_out(units)
        return outcomes


@dataclass
class _Plan:
    """What a batch will change, decided line by line before anything is changed."""

    known: dict[str, Known]
    last: dict[str, bytes]
    new: dict[str, Content] = field(default_factory=dict)
    renewed: list[tuple[str, Content]] = field(default_factory=list)
    said: dict[str, bytes] = field(default_factory=dict)

    def decide(self, number: int, content: Content, units: Mapping[str, Unit]) -> Outcome:
        """The fate of a line, after all lines before it."""
        if fault := _fault(content, units):
            return Outcome(number, Fate.REJECT, fault)
        key, says = key_digest(key_of(content)), content_digest(content)
        known = self.known.get(key)
        if known is None:
            self.known[key] = Known(says, new=True)
            self.new[key], self.said[key] = content, says
            return Outcome(number, Fate.ACCEPT, "新增")
        if why := _why_not(known, says, self.last[key]):
            return Outcome(number, Fate.SKIP, why)
        known.says = self.said[key] = says
        self.renewed.append((key, content))
        return Outcome(number, Fate.UPDATE, "内容有变化，已存为新版本，原版本保留")

    def carry_out(self, units: Mapping[str, Unit]) -> None:
        """Add what is new, then give new versions to what is there by then."""
        records = {key: known.record for key, known in self.known.items()}
        if self.new:
            added = add_records(
                [NewRecord(one, units[one["authority_code"] or ""].id) for one in self.new.values()]
            )
            again = {
                added[key_of(self.new[key])]: key for key, _ in self.renewed if key in self.new
            }
            records |= {again[one.id]: one for one in _records(again)}
        changes = [(records[key], content) for key, content in self.renewed]
        renew_records([(record, content) for record, content in changes if record])


def _fault(content: Content, units: Mapping[str, Unit]) -> str:
    code = content["authority_code"] or ""
    unit = units.get(code)
    if unit is not None and unit.provides:
        return ""
    what = "未登记为信息提供单位" if unit else "不是已登记单位的代码"
    return f"{TITLES['authority_code']}：“{code[:40]}”{what}，请核对代码，或先导入该单位"


def _why_not(known: Known, says: bytes, last: bytes) -> str:
    """Why a record that is there stays as it is; empty where it is given a new version.

    `last`: what the last of the lines about it says.
    """
    if known.says == says:
        return "同一记录，内容相同"
    if not known.new and known.says == last:
        return "文件中其后另有该记录的内容，与现有内容相同"
    if known.hindrance:
        return known.hindrance
    if says in known.outdated:
        return "与更正前的内容相同：该记录已依法更正，请在来源系统中同步更正"
    return ""


def _known(contents: Sequence[Content], remembered: Mapping[str, bytes]) -> dict[str, Known]:
    """What is known of the records that the lines are about, by key; in five queries."""
    keys = {key_digest(key_of(content)) for content in contents}
    found: dict[str, Known] = {}
    rows = _versions(keys)
    records = {one.id: one for one in _records(rows)}
    hindrances = _hindrances(records.values())
    for record_id, versions in rows.items():
        record = records[record_id]
        known = _of(record, versions, hindrances.get(record_id, ""))
        for key in {version.key for version in versions} & keys:
            if key == versions[-1].key:
                found[key] = known
            else:
                moved = "该记录的文号、机关或主体已依法更正，请在来源系统中同步更正"
                found.setdefault(key, Known(b"", record, moved))
    for key in keys & remembered.keys():
        found[key] = found.get(key) or Known(b"")
        found[key].says = remembered[key]
    return found


def _of(record: Record, versions: Sequence[RecordVersion], hindrance: str) -> Known:
    """`versions`: all of the record, oldest first."""
    corrected = max((v.version for v in versions if v.origin is not Origin.IMPORT), default=0)
    outdated = {content_digest(v.content) for v in versions if v.version < corrected}
    return Known(content_digest(versions[-1].content), record, hindrance, frozenset(outdated))


def _last(contents: Sequence[Content]) -> dict[str, bytes]:
    """What the last line about each record says, by key."""
    return {key_digest(key_of(content)): content_digest(content) for content in contents}


def _versions(keys: Collection[str]) -> dict[int, list[RecordVersion]]:
    """All versions, oldest first, of the records that have or had one of the keys."""
    having = sa.select(RecordVersion.record_id).where(RecordVersion.key.in_(keys))
    chosen = sa.select(RecordVersion).where(RecordVersion.record_id.in_(having))
    found: dict[int, list[RecordVersion]] = {}
    for version in db.session.scalars(chosen.order_by(RecordVersion.version)):
        found.setdefault(version.record_id, []).append(version)
    return found


def _records(ids: Collection[int]) -> Sequence[Record]:
    """The records, locked: a case that is filed now waits, and sees what the import made."""
    if not ids:
        return []
    chosen = sa.select(Record).where(Record.id.in_(ids)).order_by(Record.id)
    return db.session.scalars(chosen.with_for_update()).all()


def _hindrances(records: Collection[Record]) -> dict[int, str]:
    """Why records are not overwritten, by their ids; free ones are left out."""
    ended = {
        one.id: f"该记录{ENDINGS[one.ended_by]}（{one.ended_on}），不再更新"
        for one in records
        if one.ended_by
    }
    ids = [one.id for one in records]
    marked = {record_id: cases[0] for record_id, cases in annotated(ids).items()}
    busy = {
        record_id: f"该记录正在办理异议、更正或修复（{number}），暂不覆盖，办结后请重新导入"
        for record_id, number in (marked | cases_on(ids)).items()
    }
    return busy | ended


def _units() -> dict[str, Unit]:
    return {unit.code: unit for unit in db.session.scalars(sa.select(Unit))}
