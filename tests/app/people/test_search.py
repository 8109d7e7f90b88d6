"""Finding subjects by a part of their name."""

import pytest
import sqlalchemy as sa
from hypothesis import given, strategies as st

from app.db import transaction
from app.people import commands
from app.people.models import SubjectGram, folded, grams, pairs
from app.people.queries import find_subjects

NAMES = [
    "惠州市䶮𠅤建筑（集团）有限公司",
    "惠州市大亚湾ABC电子有限公司",
    "100%好味道_小吃店",
    "䶮",
    "有限公司惠州",
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
        ("建筑(集团)", [0]),
        ("ａｂｃ", [1]),
        ("abc电子", [1]),
        ("%", [2]),
        ("_", [2]),
        ("100%好", [2]),
        ("惠%公司", []),
        ("州市有限", []),
        ("  亚湾  ", [1]),
        ("91441300000000003", [3]),
        ("9144130000000000", []),
        ("\\", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_part_of_the_name_or_the_whole_code_finds(subjects, text, numbers):
    assert found(text) == [NAMES[number] for number in numbers]


def test_no_more_are_given_than_asked_for(subjects):
    assert found("有限公司", limit=2) == [NAMES[0], NAMES[1]]


def test_a_new_name_is_found_and_the_old_one_is_not(session, subjects):
    with transaction():
        find_subjects("大亚湾ABC")[0].name = "惠州市小亚湾电子有限公司"
    assert found("大亚湾ABC") == []
    assert found("小亚湾") == ["惠州市小亚湾电子有限公司"]


def test_a_search_reads_the_index_and_not_the_table(session, subjects):
    """SQLite tells its plan; what it calls a scan would read every row."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the plan of a tiny table on PostgreSQL says nothing")
    plan = session.execute(
        sa.text("EXPLAIN QUERY PLAN SELECT subject_id FROM subject_grams WHERE gram = '有限'")
    ).all()
    assert "SEARCH" in plan[0][-1]


@given(st.text(max_size=30))
def test_every_part_of_a_name_has_only_grams_of_that_name(name):
    name = folded(name)
    for start in range(len(name)):
        assert set(pairs(name[start:])) <= grams(name)
    assert all(1 <= len(gram) <= 2 for gram in grams(name))


def test_grams_fit_their_column(session, subjects):
    longest = session.scalar(sa.select(sa.func.max(sa.func.length(SubjectGram.gram))))
    assert longest == 2
