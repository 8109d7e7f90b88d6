"""Importing records: a new one, a new version, nothing, or the reason why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from app.cases.queries import cases_on
from app.db import db
from app.exchange.authorities import Authorities
from app.exchange.lines import Fate, Outcome
from app.exchange.masking import without_numbers
from app.exchange.repeats import Repeats, repeats_of, said_later
from app.exchange.status import Status, status_of
from app.records.batches import NewRecord, add_records, renew_records
from app.records.identity import Content, content_digest, key_digest, key_of
from app.records.models import Origin, Record, RecordVersion
from app.records.queries import annotated, rules_today
from app.records.words import ENDINGS
from workflows import WORKFLOWS

Numbered = tuple[int, Content]
"""The number of a line and what it says."""
KIND_TITLES: Final = {workflow.prefix: workflow.title for workflow in WORKFLOWS.values()}
"""What the kinds of case are called, by the beginning of their numbers."""


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
        contents = [units.named(said) for _, said in lines]
        numbers = [number for number, _ in lines]
        repeats = self.repeats or repeats_of(zip(numbers, contents, strict=True))
        plan = _Plan(_known(contents, self._remembered), repeats, units)
        outcomes = [
            plan.decide(number, content, status_of(said))
            for (number, said), content in zip(lines, contents, strict=True)
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
    new: dict[str, Content] = field(default_factory=dict)
    renewed: list[tuple[str, Content]] = field(default_factory=list)
    said: dict[str, bytes] = field(default_factory=dict)

    def decide(self, number: int, content: Content, status: Status) -> Outcome:
        """The fate of a line, after all lines before it."""
        if fault := self.units.fault(content):
            return Outcome(number, Fate.REJECT, without_numbers(fault))
        key = key_digest(key_of(content))
        if status is Status.REVOKED:
            return Outcome(number, Fate.SKIP, _revoked(self.known.get(key)), key)
        fate, why = self._fate(number, key, content)
        return Outcome(number, fate, without_numbers(why + _remark(status, content)), key)

    def _fate(self, number: int, key: str, content: Content) -> tuple[Fate, str]:
        """What becomes of a line about a decision that stands, and why."""
        says, known = content_digest(content), self.known.get(key)
        if known is None:
            self.known[key] = Known(says, new=True)
            self.new[key], self.said[key] = content, says
            return Fate.ACCEPT, "新增"
        if why := _why_not(known, says, said_later(self.repeats, key, number)):
            return Fate.SKIP, why
        known.says = self.said[key] = says
        self.renewed.append((key, content))
        return Fate.UPDATE, "内容有变化，已存为新版本，原版本保留"

    def carry_out(self) -> None:
        """Add what is new, then give new versions to what is there by then."""
        records = {key: known.record for key, known in self.known.items()}
        if self.new:
            added = add_records(
                [NewRecord(one, self.units.provider_of(one).id) for one in self.new.values()]
            )
            again = {
                added[key_of(self.new[key])]: key for key, _ in self.renewed if key in self.new
            }
            records |= {again[one.id]: one for one in _records(again)}
        changes = [(records[key], content) for key, content in self.renewed]
        renew_records([(record, content) for record, content in changes if record])


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
    return db.session.scalars(chosen.with_for_update(key_share=True)).all()


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
        record_id: f"该记录正在办理{_kind_of(number)}（{number}），暂不覆盖，办结后请重新导入"
        for record_id, number in (marked | cases_on(ids)).items()
    }
    return busy | ended


def _kind_of(number: str) -> str:
    """What kind of case it is, by its number."""
    return KIND_TITLES.get(number.partition("-")[0], "案件")
