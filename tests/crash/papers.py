"""The files of records that are handed in: all alike but for the numbers of their decisions."""

from __future__ import annotations

import csv
import io

from app.exchange.penalties import COLUMNS
from tests.app.exchange.exports import firm_code, labels, penalty

LINES = 1_150
"""Three transactions of an import."""


def export(name: str) -> bytes:
    """A file of that name: most lines are new, some contradict themselves, repeat, or are refused."""
    tag = name.removesuffix(".csv")
    lines = [penalty(number, decision_no=numbered(tag, number)) for number in range(1, LINES + 1)]
    for place in range(25, LINES, 50):
        lines[place]["decided_on"] = "不详"
    for place in (40, 620, 1_120):
        lines[place] = penalty(7, decision_no=numbered(tag, 7), facts=f"另有内容{place}。")
        lines[place + 1] = dict(lines[place - 1])
    lines[900]["code"] = firm_code(9)[:-1]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(labels(COLUMNS))
    writer.writerows([line.get(column.name, "") for column in COLUMNS] for line in lines)
    return text.getvalue().encode()


def numbered(tag: str, number: int) -> str:
    """The number of a decision; `tag` tells the files apart."""
    return f"惠市监处罚〔2026〕{tag}-{number}号"
