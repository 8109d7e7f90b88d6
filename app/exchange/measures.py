"""Importing the catalogue of measures, mandatory and recommended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import sqlalchemy as sa

from app.db import db
from app.exchange import values
from app.exchange.columns import Cells, Column
from app.exchange.lines import Fate, Line, Outcome
from app.exchange.parsing import Reader, parsed
from app.people.models import Unit
from app.records.models import Measure
from app.tables import Table

COLUMNS: Final = (
    Column("code", "措施编码"),
    Column("name", "措施名称"),
    Column("kind", "措施类别"),
    Column("basis", "法律依据"),
    Column("department", "实施部门"),
)
TITLES: Final = {column.name: column.title for column in COLUMNS}
KINDS: Final = {"强制性": True, "推荐性": False}


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """What a line says of a measure; `department` is a name or a code."""

    code: str
    name: str
    mandatory: bool
    basis: str
    department: str


def parse(table: Table) -> Iterator[Line[MeasureLine]]:
    """What each line says, or why it is rejected; raises Unreadable for missing columns."""
    return parsed(table, COLUMNS, _measure)


def take(lines: Sequence[tuple[int, MeasureLine]]) -> list[Outcome]:
    """Add measures to the catalogue, or change what differs."""
    units = departments()
    there = {measure.code: measure for measure in db.session.scalars(sa.select(Measure))}
    return [_taken(number, said, units, there) for number, said in lines]


def departments() -> dict[str, Unit]:
    """Every unit, by its name and by its code."""
    units = list(db.session.scalars(sa.select(Unit)))
    return {unit.name: unit for unit in units} | {unit.code: unit for unit in units}


def department_fault(said: str, units: Mapping[str, Unit]) -> str:
    """Why a unit cannot execute anything; empty where it can."""
    unit = units.get(said)
    if unit is not None and unit.executes:
        return ""
    what = "未登记为实施部门" if unit else "不是已登记的单位"
    return f"“{said[:40]}”{what}，请核对名称，或先导入该单位"


def _taken(
    number: int, said: MeasureLine, units: Mapping[str, Unit], there: dict[str, Measure]
) -> Outcome:
    if fault := department_fault(said.department, units):
        return Outcome(number, Fate.REJECT, f"{TITLES['department']}：{fault}")
    wanted = {
        "name": said.name,
        "mandatory": said.mandatory,
        "basis": said.basis,
        "department_id": units[said.department].id,
    }
    measure = there.get(said.code)
    if measure is None:
        there[said.code] = Measure(code=said.code, **wanted)
        db.session.add(there[said.code])
        return Outcome(number, Fate.ACCEPT, "新增")
    if all(getattr(measure, name) == value for name, value in wanted.items()):
        return Outcome(number, Fate.SKIP, "同一措施，内容相同")
    for name, value in wanted.items():
        setattr(measure, name, value)
    return Outcome(number, Fate.UPDATE, "措施信息已更新")


def _measure(cells: Cells) -> MeasureLine:
    reader = Reader(cells, TITLES)
    kind = reader.need("kind", values.text)
    if kind not in KINDS:
        reader.refuse("kind", f"应为{'、'.join(KINDS)}之一")
    return MeasureLine(
        code=reader.need("code", values.code),
        name=reader.need("name", partial(values.text, longest=200)),
        mandatory=KINDS[kind],
        basis=reader.need("basis", values.text),
        department=reader.need("department", partial(values.text, longest=200)),
    )
