"""Importing units: who provides records, who executes sanctions, who is the credit office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

import sqlalchemy as sa

from app.db import db
from app.exchange import values
from app.exchange.columns import Cells, Column
from app.exchange.lines import Fate, Line, Outcome
from app.exchange.parsing import Reader, parsed
from app.people.commands import create_unit
from app.people.models import Unit
from app.tables import Table

COLUMNS: Final = (
    Column("name", "单位名称"),
    Column("code", "统一社会信用代码"),
    Column("roles", "角色"),
    Column("address", "地址", required=False),
    Column("phone", "联系电话", required=False),
    Column("review_body", "行政复议机关", required=False),
    Column("court", "管辖法院", required=False),
)
TITLES: Final = {column.name: column.title for column in COLUMNS}
ROLES: Final = {"信息提供单位": "provides", "实施部门": "executes", "信用办": "is_office"}


@dataclass(frozen=True, slots=True)
class UnitLine:
    """What a line says of a unit; None in the last four: it says nothing."""

    name: str
    code: str
    provides: bool
    executes: bool
    is_office: bool
    address: str | None
    phone: str | None
    review_body: str | None
    court: str | None


def parse(table: Table) -> Iterator[Line[UnitLine]]:
    """What each line says, or why it is rejected; raises Unreadable for missing columns."""
    return parsed(table, COLUMNS, _unit)


def take(lines: Sequence[tuple[int, UnitLine]]) -> list[Outcome]:
    """Add units, or change what differs; what a line does not say stays as it is."""
    units = list(db.session.scalars(sa.select(Unit)))
    by_code = {unit.code: unit for unit in units}
    by_name = {unit.name: unit for unit in units}
    return [_taken(number, said, by_code, by_name) for number, said in lines]


def _taken(
    number: int, said: UnitLine, by_code: dict[str, Unit], by_name: dict[str, Unit]
) -> Outcome:
    namesake = by_name.get(said.name)
    if namesake and namesake.code != said.code:
        why = f"{TITLES['name']}：“{said.name}”已用于代码{namesake.code}，请核对名称或代码"
        return Outcome(number, Fate.REJECT, why)
    unit = by_code.get(said.code)
    if unit is None:
        by_code[said.code] = by_name[said.name] = create_unit(**asdict(said))
        return Outcome(number, Fate.ACCEPT, "新增")
    changed = {
        name: value
        for name, value in asdict(said).items()
        if value is not None and value != getattr(unit, name)
    }
    if not changed:
        return Outcome(number, Fate.SKIP, "同一单位，内容相同")
    by_name.pop(unit.name, None)
    for name, value in changed.items():
        setattr(unit, name, value)
    by_name[unit.name] = unit
    db.session.flush()
    return Outcome(number, Fate.UPDATE, "单位信息已更新")


def _unit(cells: Cells) -> UnitLine:
    reader = Reader(cells, TITLES)
    roles = _roles(reader)
    return UnitLine(
        name=reader.need("name", partial(values.text, longest=200)),
        code=reader.need("code", values.unified),
        provides="provides" in roles,
        executes="executes" in roles,
        is_office="is_office" in roles,
        address=reader.get("address", partial(values.text, longest=300)),
        phone=reader.get("phone", partial(values.text, longest=60)),
        review_body=reader.get("review_body", partial(values.text, longest=200)),
        court=reader.get("court", partial(values.text, longest=200)),
    )


def _roles(reader: Reader) -> set[str]:
    """The roles of a unit, separated by `;` of either width."""
    said = reader.need("roles", values.text).replace("；", ";").split(";")
    roles = [role for part in said if (role := part.strip(values.BLANKS))]
    for role in roles:
        if role not in ROLES:
            reader.refuse("roles", f"“{role[:40]}”不是规定的角色，应为{'、'.join(ROLES)}")
    if not roles:
        reader.refuse("roles", f"未填写，应为{'、'.join(ROLES)}")
    return {ROLES[role] for role in roles}
