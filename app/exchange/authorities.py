"""Which units may hand in a line about a penalty, and which one decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from app.db import db
from app.people.models import Unit
from app.records.fields import FIELDS
from app.records.identity import Content


class Registered(NamedTuple):
    """What is asked of a unit."""

    id: int
    code: str
    name: str
    provides: bool


@dataclass(frozen=True, slots=True)
class Authorities:
    """The registered units, by code and by name; `only`: the code of the one that hands in."""

    by_code: Mapping[str, Registered]
    by_name: Mapping[str, Registered]
    only: str | None = None

    @classmethod
    def registered(cls, only: str | None = None) -> Authorities:
        """All units; in one query."""
        chosen = sa.select(Unit.id, Unit.code, Unit.name, Unit.provides)
        units = [Registered(*row) for row in db.session.execute(chosen)]
        return cls({one.code: one for one in units}, {one.name: one for one in units}, only)

    def named(self, said: Content) -> Content:
        """What a record would say, with the code of its authority, by name where it gives none."""
        unit = None if said["authority_code"] else self.by_name.get(said["authority"] or "")
        if unit is None and len(said) == len(FIELDS):
            return said
        content = {name: said[name] for name in FIELDS}
        return content if unit is None else content | {"authority_code": unit.code}

    def provider_of(self, content: Content) -> Registered:
        """The unit that decided it, once there is no fault."""
        return self.by_code[content["authority_code"] or ""]

    def fault(self, content: Content) -> str:
        """Why the line cannot be handed in; empty where it can."""
        code = content["authority_code"]
        if not code:
            name = (content["authority"] or "")[:60]
            return f"处罚机关：“{name}”不是已登记单位的全称，请改为登记的名称，或先导入该单位"
        unit = self.by_code.get(code)
        if unit is None or not unit.provides:
            what = "未登记为信息提供单位" if unit else "不是已登记单位的代码"
            title = FIELDS["authority_code"]
            return f"{title}：“{code[:40]}”{what}，请核对代码，或先导入该单位"
        if self.only not in {None, code}:
            return f"只能报送本单位认定的信息：该行由{unit.name}认定，请由其报送"
        return ""
