"""How grave a record is, from when it may be repaired and until when it is disclosed.

The days are counted by hand from law.md 2.2, 2.9 and 2.10.
"""

from datetime import date
from itertools import combinations_with_replacement, permutations
from pathlib import Path
from textwrap import dedent

import pytest

from workflows import rules as law
from workflows.rules import RuleFault, Rules, UnknownRule

MINOR = ("警告", "通报批评")
ORDINARY = ("罚款", "没收违法所得", "没收非法财物", "行政拘留", "其他")
SERIOUS = (
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "限制开展生产经营活动",
    "责令停产停业",
    "责令关闭",
    "限制从业",
)

# decided on, kinds, severity, regime, repairable from, first day without disclosure
GENERAL = [
    # 527号 (2019): 3 to 12 months, serious 6 months to 3 years; its minor ones count as ordinary
    ("2019-04-30", "罚款", "ordinary", "2019", "2019-07-30", "2020-05-01"),
    ("2019-04-30", "吊销许可证件", "serious", "2019", "2019-10-30", "2022-05-01"),
    ("2020-02-29", "罚款", "ordinary", "2019", "2020-05-29", "2021-03-01"),
    ("2020-02-29", "责令关闭", "serious", "2019", "2020-08-29", "2023-03-01"),
    ("2021-08-31", "限制从业", "serious", "2019", "2022-02-28", "2024-09-01"),
    ("2021-11-30", "警告", "minor", "2019", "2022-02-28", "2022-12-01"),
    ("2022-01-31", "罚款", "ordinary", "2019", "2022-04-30", "2023-02-01"),
    ("2022-12-31", "罚款", "ordinary", "2019", "2023-03-31", "2024-01-01"),
    ("2023-04-30", "警告", "minor", "2019", "2023-07-30", "2024-05-01"),
    ("2023-04-30", "罚款", "ordinary", "2019", "2023-07-30", "2024-05-01"),
    ("2023-04-30", "吊销许可证件", "serious", "2019", "2023-10-30", "2026-05-01"),
    # 58号令: 3 months to 3 years, whatever the class
    ("2023-05-01", "警告", "minor", "58", "2023-08-01", "2026-05-02"),
    ("2023-05-01", "罚款", "ordinary", "58", "2023-08-01", "2026-05-02"),
    ("2023-05-01", "吊销许可证件", "serious", "58", "2023-08-01", "2026-05-02"),
    ("2023-11-30", "罚款", "ordinary", "58", "2024-02-29", "2026-12-01"),
    ("2024-01-31", "罚款", "ordinary", "58", "2024-04-30", "2027-02-01"),
    ("2024-02-29", "警告", "minor", "58", "2024-05-29", "2027-03-01"),
    ("2024-02-29", "罚款", "ordinary", "58", "2024-05-29", "2027-03-01"),
    ("2025-08-31", "限制从业", "serious", "58", "2025-11-30", "2028-09-01"),
    ("2025-12-24", "罚款", "ordinary", "58", "2026-03-24", "2028-12-25"),
    ("2025-12-25", "罚款", "ordinary", "58", "2026-03-25", "2028-12-26"),
    ("2026-03-31", "警告", "minor", "58", "2026-06-30", "2029-04-01"),
    ("2026-03-31", "罚款", "ordinary", "58", "2026-06-30", "2029-04-01"),
    ("2026-03-31", "吊销许可证件", "serious", "58", "2026-06-30", "2029-04-01"),
    # 36号令: at once to 3 months, 3 months to 1 year, 1 to 3 years
    ("2026-04-01", "警告", "minor", "36", "2026-04-01", "2026-07-02"),
    ("2026-04-01", "罚款", "ordinary", "36", "2026-07-01", "2027-04-02"),
    ("2026-04-01", "吊销许可证件", "serious", "36", "2027-04-01", "2029-04-02"),
    ("2026-05-31", "警告", "minor", "36", "2026-05-31", "2026-09-01"),
    ("2026-08-31", "罚款", "ordinary", "36", "2026-11-30", "2027-09-01"),
    ("2026-11-30", "通报批评", "minor", "36", "2026-11-30", "2027-03-01"),
    ("2026-11-30", "罚款", "ordinary", "36", "2027-02-28", "2027-12-01"),
    ("2026-12-31", "责令停产停业", "serious", "36", "2027-12-31", "2030-01-01"),
    ("2027-01-31", "罚款", "ordinary", "36", "2027-04-30", "2028-02-01"),
    ("2027-01-31", "限制从业", "serious", "36", "2028-01-31", "2030-02-01"),
    ("2027-11-30", "罚款", "ordinary", "36", "2028-02-29", "2028-12-01"),
    ("2028-02-29", "警告", "minor", "36", "2028-02-29", "2028-05-30"),
    ("2028-02-29", "罚款", "ordinary", "36", "2028-05-29", "2029-03-01"),
    ("2028-02-29", "吊销许可证件", "serious", "36", "2029-02-28", "2031-03-01"),
]
MARKET = [
    # 2021: 6 months; how long at most was not seen, the 3 years of 58号令 are taken
    ("2021-09-01", "警告", "minor", "SAMR21", "2022-03-01", "2024-09-02"),
    ("2021-09-01", "罚款", "ordinary", "SAMR21", "2022-03-01", "2024-09-02"),
    ("2023-04-30", "罚款", "ordinary", "SAMR21", "2023-10-30", "2026-05-01"),
    ("2023-05-01", "罚款", "ordinary", "SAMR21", "2023-11-01", "2026-05-02"),
    ("2023-08-31", "吊销营业执照", "serious", "SAMR21", "2024-02-29", "2026-09-01"),
    ("2024-01-31", "罚款", "ordinary", "SAMR21", "2024-07-31", "2027-02-01"),
    ("2024-02-29", "罚款", "ordinary", "SAMR21", "2024-08-29", "2027-03-01"),
    ("2025-08-31", "罚款", "ordinary", "SAMR21", "2026-02-28", "2028-09-01"),
    ("2025-12-24", "警告", "minor", "SAMR21", "2026-06-24", "2028-12-25"),
    ("2025-12-24", "罚款", "ordinary", "SAMR21", "2026-06-24", "2028-12-25"),
    ("2025-12-24", "吊销许可证件", "serious", "SAMR21", "2026-06-24", "2028-12-25"),
    # 107号令: as 36号令
    ("2025-12-25", "通报批评", "minor", "SAMR107", "2025-12-25", "2026-03-26"),
    ("2025-12-25", "罚款", "ordinary", "SAMR107", "2026-03-25", "2026-12-26"),
    ("2025-12-25", "吊销营业执照", "serious", "SAMR107", "2026-12-25", "2028-12-26"),
    ("2026-01-31", "罚款", "ordinary", "SAMR107", "2026-04-30", "2027-02-01"),
    ("2026-03-31", "罚款", "ordinary", "SAMR107", "2026-06-30", "2027-04-01"),
    ("2026-04-01", "警告", "minor", "SAMR107", "2026-04-01", "2026-07-02"),
    ("2026-04-01", "罚款", "ordinary", "SAMR107", "2026-07-01", "2027-04-02"),
    ("2028-02-29", "严重失信主体名单", "serious", "SAMR107", "2029-02-28", "2031-03-01"),
]
ROWS = [(False, row) for row in GENERAL] + [(True, row) for row in MARKET]


@pytest.fixture(scope="module")
def today() -> Rules:
    return law.catalogue("national").on(date(2026, 11, 21))


@pytest.mark.parametrize(("market", "row"), ROWS)
def test_class_regime_and_periods_follow_from_the_penalty_and_the_day_of_the_decision(
    today, market, row
):
    decided_on, kinds, severity, regime, repairable, undisclosed = row
    day = date.fromisoformat(decided_on)
    assert law.severity_of(law.penalty_kinds(kinds), today) == severity
    assert law.regime_of(day, today, market=market) == regime
    assert law.repairable_from(day, severity, regime, today).isoformat() == repairable
    assert law.disclosed_at_most_until(day, severity, regime, today).isoformat() == undisclosed


def test_the_tables_leave_out_no_class_of_any_regime():
    regimes = {"2019", "58", "36", "SAMR21", "SAMR107"}
    told = {(severity, regime) for _, (_, _, severity, regime, _, _) in ROWS}
    assert told == {(severity, regime) for severity in law.SEVERITIES for regime in regimes}


@pytest.mark.parametrize(
    ("decided_on", "market"),
    [(date(2019, 4, 29), False), (date(2009, 12, 31), False), (date(2021, 8, 31), True)],
)
def test_what_is_older_than_all_regimes_has_no_known_period(today, decided_on, market):
    regime = law.regime_of(decided_on, today, market=market)
    assert regime == law.EARLIER
    for ask in (law.repairable_from, law.disclosed_at_most_until):
        with pytest.raises(UnknownRule):
            ask(decided_on, "ordinary", regime, today)


def pairs(*groups: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every two kinds, one of each group or both of one, in either order."""
    kinds = sum(groups, ())
    alike = combinations_with_replacement(kinds, 2)
    both = {*alike, *permutations(kinds, 2)}
    return sorted(two for two in both if set(two) & set(groups[0]))


@pytest.mark.parametrize(
    ("two", "severity"),
    [(two, "minor") for two in pairs(MINOR)]
    + [(two, "ordinary") for two in pairs(ORDINARY, MINOR)]
    + [(two, "serious") for two in pairs(SERIOUS, ORDINARY, MINOR)],
)
def test_of_two_kinds_of_penalty_the_graver_decides(today, two, severity):
    assert law.severity_of(law.penalty_kinds(";".join(two)), today) == severity


def test_every_two_kinds_of_the_law_are_tried():
    tried = pairs(MINOR) + pairs(ORDINARY, MINOR) + pairs(SERIOUS, ORDINARY, MINOR)
    assert len(set(tried)) == len(tried) == 14 * 14


Told = tuple[date, tuple[str, ...], str | None, str]


def through(record: Told, said: date | None, rules: Rules) -> date | None:
    """Until when a record is disclosed: its day, penalties, class and regime."""
    decided_on, kinds, severity, regime = record
    return law.disclosed_through(decided_on, kinds, severity, regime, said, rules)


FINE: Told = (date(2026, 6, 4), ("罚款",), "ordinary", "36")
WARNING: Told = (date(2026, 6, 4), ("警告",), "minor", "36")


@pytest.mark.parametrize(
    ("record", "said", "until"),
    [
        (FINE, None, "2027-06-04"),
        (FINE, "2026-09-30", "2026-09-30"),
        (FINE, "2027-06-04", "2027-06-04"),
        (FINE, "2027-06-05", "2027-06-04"),
        (FINE, "2031-01-01", "2027-06-04"),
        (WARNING, None, None),
        (WARNING, "2026-07-04", "2026-07-04"),
        (WARNING, "2027-06-04", "2026-09-04"),
        ((date(2026, 6, 4), ("警告", "罚款"), "ordinary", "SAMR107"), None, "2027-06-04"),
        ((date(2026, 6, 4), ("警告",), "minor", "SAMR107"), "2026-07-04", None),
        ((date(2026, 6, 4), ("警告", "警告"), "minor", "SAMR107"), "2026-07-04", None),
        ((date(2026, 6, 4), ("通报批评",), "minor", "SAMR107"), "2026-07-04", "2026-07-04"),
        ((date(2026, 6, 4), ("警告", "通报批评"), "minor", "SAMR107"), None, None),
        ((date(2025, 6, 4), ("警告",), "minor", "SAMR21"), "2025-09-04", "2025-09-04"),
        ((date(2018, 6, 4), ("罚款",), None, "earlier"), None, None),
        ((date(2018, 6, 4), ("罚款",), None, "earlier"), "2028-06-04", "2028-06-04"),
    ],
)
def test_disclosure_runs_to_the_day_the_provider_says_and_never_beyond_the_maximum(
    today, record, said, until
):
    end = date.fromisoformat(said) if said else None
    found = through(record, end, today)
    assert (found and found.isoformat()) == until


@pytest.mark.parametrize(
    ("switch", "chosen", "record", "said", "until"),
    [
        ("disclosure.minor", "never", WARNING, date(2026, 7, 4), None),
        ("disclosure.minor", "to_maximum", WARNING, None, date(2026, 9, 4)),
        ("disclosure.minor", "to_maximum", WARNING, date(2026, 7, 4), date(2026, 7, 4)),
        ("disclosure.minor", "never", FINE, None, date(2027, 6, 4)),
        (
            "disclosure.earlier",
            "never",
            (date(2018, 6, 4), ("罚款",), None, "earlier"),
            date(2028, 6, 4),
            None,
        ),
    ],
)
def test_a_switch_says_what_becomes_of_minor_and_of_older_records(
    today, switch, chosen, record, said, until
):
    rules = with_choice(today, switch, chosen)
    assert through(record, said, rules) == until


def with_choice(rules: Rules, switch: str, chosen: str) -> Rules:
    """The same rules but for one switch."""
    plain = rules.as_json()
    for row in plain["rules"]:
        if row["name"] == switch:
            row["value"] = chosen
    return Rules.from_json(plain)


def test_what_was_not_seen_in_the_law_is_marked_so(today):
    seen = {
        name.split(".")[1]: {row.verified for row in today if row.name.startswith(f"{name}.")}
        for name in ("publicity.36", "publicity.58", "publicity.2019", "publicity.SAMR21")
    }
    assert seen == {"36": {True}, "58": {False}, "2019": {False}, "SAMR21": {False}}
    assert all(row.note for row in today if row.name.startswith("publicity."))


TABLE = """\
    title = "试验"
    [[rule]]
    name = "regime.77"
    value = "2026-04-01"
    unit = "date"
    source = "某办法"
    effective_from = 2025-01-01
    verified = true
""" + "".join(
    f"""
    [[rule]]
    name = "publicity.77.{severity}.{bound}"
    value = {value}
    unit = "month"
    source = "某办法"
    effective_from = 2025-01-01
    verified = true
"""
    for severity in ("minor", "ordinary", "serious")
    for bound, value in (("minimum", 3), ("maximum", 12))
)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("77.minor.minimum", "77.minor.least", "缺少 publicity.77.minor.minimum"),
        ("77.minor.minimum", "77.minor.least", "没有 publicity.77.minor.least"),
        ("77.serious.maximum", "77.grave.maximum", "没有 publicity.77.grave.maximum"),
        ("publicity.77.ordinary.minimum", "publicity.78.ordinary.minimum", "没有 publicity.78"),
        ("value = 3\n", "value = 13\n", "长于 publicity.77.minor.maximum"),
        ('unit = "month"', 'unit = "working_day"', "unit 应为 month、year 之一"),
    ],
)
def test_a_table_of_periods_with_a_gap_or_a_stranger_is_refused(tmp_path: Path, old, new, fault):
    path = tmp_path / "trial.toml"
    path.write_text(dedent(TABLE), encoding="utf-8")
    assert law.read(path).rows
    path.write_text(dedent(TABLE).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleFault, match=fault.replace(".", r"\.")):
        law.read(path)


@pytest.mark.parametrize(
    ("own", "on", "transition", "governs"),
    [
        ("58", "2026-03-31", "current", "58"),
        ("58", "2026-04-01", "current", "36"),
        ("2019", "2026-11-22", "current", "36"),
        ("SAMR21", "2025-12-24", "current", "SAMR21"),
        ("SAMR21", "2025-12-25", "current", "SAMR107"),
        ("36", "2026-11-22", "current", "36"),
        ("earlier", "2026-11-22", "current", "earlier"),
        ("58", "2026-11-22", "own_regime", "58"),
        ("SAMR21", "2026-11-22", "own_regime", "SAMR21"),
    ],
)
def test_a_switch_says_whose_periods_govern_an_old_record(today, own, on, transition, governs):
    rules = with_choice(today, "repair.transition", transition)
    assert law.governing_regime(own, date.fromisoformat(on), rules) == governs
