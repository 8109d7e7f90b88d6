"""Writes a large export of firms that do not exist, to measure with.

    .venv/bin/python -m tests.app.exchange.many FILE [--lines 100000] [--shape 2015]

The ending of FILE says which format: .csv, .xlsx or .xml. A tenth of the lines are about firms
that have another record, as in real exports, and one in a hundred is rejected.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from app.exchange.penalties_2015 import COLUMNS as COLUMNS_2015
from app.exchange.penalties_2018 import COLUMNS as COLUMNS_2018
from tests.app.exchange.exports import (
    firm_code,
    penalty,
    penalty_2015,
    write,
    write_xlsx,
    write_xml,
)

WRITERS: dict[str, Callable[..., Path]] = {".csv": write, ".xlsx": write_xlsx, ".xml": write_xml}
WORDS = ("永利", "博远", "嘉禾", "海纳", "瑞丰", "众诚", "天悦", "鼎盛", "粤泰", "金穗", "宏达")
TRADES = ("石材", "建筑工程", "食品", "汽车维修", "劳务", "医药", "农业发展", "化工", "印染")
FORMS = ("有限公司", "股份有限公司", "有限责任公司")


def lines(count: int, shape: str) -> Iterator[dict[str, str]]:
    """So many lines, always the same."""
    make = penalty if shape == "2018" else penalty_2015
    names = [f"惠州{''.join(parts)}" for parts in product(WORDS, WORDS, TRADES, FORMS)]
    for number in range(1, count + 1):
        firm = number - number % 10 if number % 10 == 1 and number > 10 else number
        cells = {"name": f"{names[firm % len(names)]}第{firm}分部", "code": firm_code(firm)}
        facts = f"第{number}次检查发现，当事人在惠州市存在虚假宣传行为，经查证属实。"
        wrong = {"decided_on": "2026/02/30"} if number % 100 == 50 else {}
        yield make(number, **cells, facts=facts, **wrong)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--shape", choices=["2015", "2018"], default="2018")
    given = parser.parse_args()
    columns = COLUMNS_2018 if given.shape == "2018" else COLUMNS_2015
    WRITERS[given.file.suffix](given.file, lines(given.lines, given.shape), columns=columns)


if __name__ == "__main__":
    main()
