"""Finding subjects by a part of their name."""

import pytest
import sqlalchemy as sa
from hypothesis import given, strategies as st

from app.db import db, transaction
from app.people import commands
from app.people.names import folded, grams, indexed
from app.people.queries import find_subjects, finding
from tests.conftest import type_of_database

NAMES = [
    "惠州市䶮𠅤建筑（集团）有限公司",
    "惠州市大亚湾ABC电子有限公司",
    "100%好味道_小吃店",
    "䶮",
    "有限公司惠州",
    'O\'Neil "Sons" \\ & Co. | !',
]


@pytest.fixture
def subjects(session):
    with transaction():
        for number, name in enumerate(NAMES):
            commands.ensure_subject("organisation", name, f"9144130000000000{number}")


def found(text, **options):
    return [subject.name for subject in find_subjects(text, **options)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("惠州市", [0, 1]),
        ("有限公司", [0, 1, 4]),
        ("䶮𠅤", [0]),
        ("𠅤", [0]),
        ("䶮", [0, 3]),
        ("州", [0, 1, 4]),
        ("建筑(集团)", [0]),
        ("ａｂｃ", [1]),
        ("abc电子", [1]),
        ("c电", [1]),
        ("%", [2]),
        ("_", [2]),
        ("100%好", [2]),
        ("惠%公司", []),
        ("州市有限", []),
        ("  亚湾  ", [1]),
        ("91441300000000003", [3]),
        ("9144130000000000", []),
        ("o'n", [5]),
        ("'", [5]),
        ('"sons"', [5]),
        ('"', [5]),
        ("\\ &", [5]),
        ("& co", [5]),
        ('l "', [5]),
        ("!", [5]),
        ("\\", [5]),
        ("*", []),
        (":", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_part_of_the_name_or_the_whole_code_finds(subjects, text, numbers):
    assert found(text) == [NAMES[number] for number in numbers]


def test_no_more_are_given_than_asked_for(subjects):
    assert found("有限公司", limit=2) == [NAMES[0], NAMES[1]]


def test_only_the_kinds_that_are_asked_for_are_found(subjects):
    with transaction():
        commands.ensure_subject("person", "惠州有限公司", "441302198001011234")
    assert found("有限公司", kinds=["person"]) == ["惠州有限公司"]


def test_a_new_name_is_found_and_the_old_one_is_not(session, subjects):
    with transaction():
        find_subjects("大亚湾ABC")[0].name = "惠州市小亚湾电子有限公司"
    assert found("大亚湾ABC") == []
    assert found("小亚湾") == ["惠州市小亚湾电子有限公司"]
    assert found("惠州市") == [NAMES[0], "惠州市小亚湾电子有限公司"]


def test_a_subject_that_was_deleted_is_found_no_more(session, subjects):
    with transaction():
        session.delete(find_subjects("大亚湾ABC")[0])
    with transaction():
        commands.ensure_subject("organisation", "大亚湾ABC", "914413000000000099")
    assert found("大亚湾") == ["大亚湾ABC"]


@pytest.mark.parametrize("text", ["有限公司", "有限", "限", "惠州市大亚湾ABC电子"])
def test_a_search_reads_the_index_and_sorts_nothing(session, subjects, text):
    """SQLite tells its plan; PostgreSQL would scan so few rows, unless it is told not to."""
    assert len(found(text)) >= 1
    plan = plan_of(finding(text))
    assert "subject_names" in plan
    if type_of_database == "sqlite":
        assert "VIRTUAL TABLE INDEX" in plan
        assert "SEARCH subjects USING INTEGER PRIMARY KEY" in plan
        assert "TEMP B-TREE" not in plan
    else:
        assert "ix_subject_names_grams" in plan or "pk_subject_names" in plan
        assert "Seq Scan" not in plan


def plan_of(chosen):
    """How the database goes about it, as text."""
    compiled = chosen.compile(db.engine, compile_kwargs={"literal_binds": True})
    if type_of_database == "sqlite":
        rows = db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {compiled}".replace(":", "\\:")))
    else:
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        rows = db.session.execute(sa.text(f"EXPLAIN {compiled}".replace(":", "\\:")))
    return "\n".join(str(row[-1]) for row in rows)


@given(st.text(max_size=30))
def test_every_part_of_a_name_has_only_grams_of_that_name(name):
    name = folded(name)
    for start in range(len(name)):
        assert set(grams(name[start:])) <= set(grams(name))
    assert all(1 <= len(gram) <= 2 for gram in grams(name))


@given(st.text(max_size=30))
def test_a_blank_stands_only_between_the_grams(name):
    name = folded(name)
    assert indexed(name).split() == grams(name)
