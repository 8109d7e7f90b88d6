"""Fills a database with any number of cases, fast: the rows are made by the database itself."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.db import Model, db, transaction
from app.deadlines.commands import store
from app.people import names
from app.people.commands import add_membership, create_unit
from app.people.models import Person, Subject, Unit
from app.people.passwords import rehash
from app.records.commands import recipients_of
from app.records.fields import FIELDS
from app.records.models import Measure
from app.records.queries import rules_today
from tests.app.cases.telling import MONDAY
from workflows.grammar import Role

SCRIPT: Final = Path(__file__).with_suffix(".sql")
SOURCES: Final = (Path(__file__), SCRIPT, Path(names.__file__))
"""What is made follows from these files: change one, and it is made anew."""
CASES_OF_A_FAMILY: Final = 4
UNITS: Final = 2
PASSWORD: Final = "Redress-2026!"
WORDS: Final = (
    "永利",
    "博远",
    "嘉禾",
    "海纳",
    "瑞丰",
    "众诚",
    "天悦",
    "鼎盛",
    "粤泰",
    "金穗",
    "宏达",
)
TRADES: Final = ("石材", "建筑工程", "食品", "汽车维修", "劳务", "医药", "农业发展", "化工", "印染")


def fill(cases: int) -> None:
    """Make so many cases in an empty database, about a fifth of them under way."""
    families = cases // CASES_OF_A_FAMILY
    subjects = max(families // 10, 1)
    keys = _town(subjects)
    with db.engine.connect() as connection:
        connection.execution_options(write=True)
        backend = connection.dialect.name
        if backend == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size=-400000")
        _insert_subjects(connection, subjects)
        words = keys | {"families": families, "subjects": subjects} | _words(backend, families)
        for statement in _statements(words, backend):
            connection.exec_driver_sql(statement)
        connection.commit()
    _finish(backend)


def _town(subjects: int) -> dict[str, Any]:
    """The units, a person for each of the roles that are measured, measures and rules."""
    with transaction():
        office = create_unit(name="惠州市信用中心", code="12441300GFJFMT0T6N", is_office=True)
        providers = [
            create_unit(name=f"惠州市第{n}提供局", code=f"P{n:017}", provides=True)
            for n in range(UNITS)
        ]
        executors = [
            create_unit(name=f"惠州市第{n}实施局", code=f"E{n:017}", executes=True)
            for n in range(UNITS)
        ]
        clerk = _person("clerk", office, Role.OFFICE_CLERK)
        _person("provider", providers[0], Role.PROVIDER_HANDLER)
        _person("executor", executors[0], Role.EXECUTOR_HANDLER)
        measures = [
            Measure(
                code=f"M{n}",
                name="限制申请财政性资金项目",
                mandatory=False,
                basis="清单",
                department_id=unit.id,
            )
            for n, unit in enumerate(executors)
        ]
        db.session.add_all(measures)
        db.session.flush()
        return {
            "office": office.id,
            "provider": providers[0].id,
            "executor": executors[0].id,
            "measure": measures[0].id,
            "recipient": recipients_of([executors[0]])[executors[0].id].id,
            "filer": clerk.id,
            "digest": f"'{store(rules_today())}'",
        }


def _person(name: str, unit: Unit, role: Role) -> Person:
    person = Person(username=name, name=f"{name}甲", password_hash=rehash(PASSWORD))
    db.session.add(person)
    db.session.flush()
    add_membership(person, unit, role)
    return person


def _insert_subjects(connection: Connection, count: int) -> None:
    stems = ["".join(parts) for parts in product(WORDS, WORDS, TRADES)]
    rows, indexed = [], []
    for number in range(1, count + 1):
        name = f"惠州{stems[number % len(stems)]}第{number}分部"
        rows.append(
            {
                "id": number,
                "kind": "organisation",
                "name": name,
                "code": f"S{number}",
                "search_name": names.folded(name),
            }
        )
        indexed.append({"rowid": number, "grams": names.indexed(names.folded(name))})
    connection.execute(sa.insert(_table(Subject)), rows)
    connection.execute(sa.insert(names.INDEX), indexed)


def _table(model: type[Model]) -> sa.Table:
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(model)
    return table


def _words(backend: str, families: int) -> dict[str, str]:
    """What the two databases say differently."""
    content = json.dumps(dict.fromkeys(FIELDS) | CONTENT, ensure_ascii=False)
    told = json.dumps({"notice": {"addressee": {"name": "惠州永利石材分部"}}}, ensure_ascii=False)
    known = {"content": f"'{content}'", "told": f"'{told}'"}
    if backend == "sqlite":
        more = f"SELECT i + 1 FROM n WHERE i < {families - 1}"  # noqa: S608 -- our own number
        counted = f"(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL {more}) SELECT i FROM n)"  # noqa: S608 -- the same
        return known | {
            "numbers": counted,
            "true": "1",
            "false": "0",
            "moment": "'2026-07-01 01:00:00.000000'",
        }
    counted = f"generate_series(0, {families - 1}) AS n(i)"
    return known | {
        "numbers": counted,
        "true": "true",
        "false": "false",
        "moment": "TIMESTAMPTZ '2026-07-01 01:00:00+00'",
    }


def _statements(words: dict[str, Any], backend: str) -> list[str]:
    text = re.sub(r"^--.*$", "", SCRIPT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name, value in words.items():
        text = text.replace("{" + name + "}", str(value))
    day = {
        "sqlite": rf"date('{MONDAY}', -(\1) || ' days')",
        "postgresql": rf"(DATE '{MONDAY}' - (\1))",
    }[backend]
    text = re.sub(r"\{day:([^}]*)\}", day, text)
    as_json = {"sqlite": r"\1", "postgresql": r"(\1)::json"}[backend]
    text = re.sub(r"\{json:((?:'[^']*'|[^'{}])*)\}", as_json, text).replace("{{}}", "{}")
    return [statement for part in text.split(";\n") if (statement := part.strip())]


def _finish(backend: str) -> None:
    """Let the database count, and go on with the keys where the rows end."""
    with db.engine.connect() as connection:
        connection.execution_options(write=True)
        if backend == "postgresql":
            for table in ("records", "sanctions", "cases", "items", "subjects"):
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608 -- our own names
                )
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


CONTENT: Final = {
    "name": "惠州永利石材分部",
    "subject_kind": "法人及非法人组织",
    "code": "91441300MA4W0CHM2Z",
    "decision_no": "惠测罚〔2026〕1号",
    "violation": "超标排放水污染物",
    "facts": "当事人存在超标排放水污染物行为，经查证属实。",
    "penalty_kind": "罚款",
    "penalty": "处罚款人民币47700元",
    "fine": "47700.00",
    "decided_on": "2026-03-19",
    "disclosed_until": "2029-03-19",
    "authority": "惠州市第0提供局",
    "authority_code": "11441300YG58BRK2XX",
}
