"""Makes exports such as provider units hand in, of firms and persons that do not exist."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from stdnum.cn import uscc

from app.exchange.columns import Column
from app.exchange.penalties import COLUMNS

AUTHORITY = "11441300YG58BRK2XX"
OFFICIAL = {"name": "惠州市市场监督管理局", "code": AUTHORITY}


def firm_code(number: int) -> str:
    """The number-th unified code of a firm in 惠州, with its right check digit."""
    stem = f"91441300{number:09d}"
    return stem + uscc.calc_check_digit(stem)


def citizen_id(stem: str) -> str:
    """Seventeen digits and the check digit that belongs to them (GB 11643)."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(stem))
    return stem + "10X98765432"[total % 11]


def penalty(number: int = 1, **cells: str) -> dict[str, str]:
    """A line that is accepted, by the names of its columns; `cells` say otherwise."""
    usual = {
        "name": f"惠州第{number}号示例有限公司",
        "subject_kind": "法人及非法人组织",
        "code": firm_code(number),
        "decision_no": f"惠市监处罚〔2026〕{number}号",
        "violation": "虚假宣传",
        "facts": "经查证属实。",
        "basis": "《中华人民共和国广告法》第五十五条",
        "penalty_kind": "罚款",
        "penalty": "处罚款人民币69700元",
        "fine": "6.97",
        "confiscated": "0",
        "decided_on": "2026/06/21",
        "disclosed_until": "2027/06/21",
        "authority": OFFICIAL["name"],
        "authority_code": AUTHORITY,
        "source": OFFICIAL["name"],
        "source_code": AUTHORITY,
    }
    return usual | cells


def person_penalty(number: int = 1, **cells: str) -> dict[str, str]:
    """A line about a natural person."""
    id_no = citizen_id(f"44130219800101{number:03d}")
    about = {"subject_kind": "自然人", "code": "", "id_kind": "身份证", "id_no": id_no}
    return penalty(number, **({"name": "程嘉"} | about | cells))


def penalty_2015(number: int = 1, **cells: str) -> dict[str, str]:
    """A line in the format of 2015 that is accepted; the authority has only its name."""
    usual = {
        "name": f"惠州第{number}号示例有限公司",
        "code": firm_code(number),
        "decision_no": f"惠市监处罚〔2015〕{number}号",
        "violation": "虚假宣传案",
        "kind_1": "1",
        "facts": "经查证属实。",
        "basis": "《中华人民共和国广告法》第三十七条",
        "legal_person": "程嘉",
        "penalty": "处罚款人民币69700元",
        "decided_on": "2026/06/21",
        "authority": OFFICIAL["name"],
        "status": "0",
        "place": "441300",
        "stamp": "2026/06/22",
    }
    return usual | cells


def labels(columns: Iterable[Column], *, codes: bool = False) -> list[str]:
    """The header of an export; a column without a code has its title."""
    return [(codes and column.code) or column.title for column in columns]


def write(
    path: Path,
    lines: Iterable[Mapping[str, str]],
    *,
    encoding: str = "utf-8",
    codes: bool = False,
    columns: Sequence[Column] = COLUMNS,
) -> Path:
    """Write lines as an export in CSV with Chinese titles or column codes."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(labels(columns, codes=codes))
        writer.writerows([line.get(column.name, "") for column in columns] for line in lines)
    return path


def write_xlsx(
    path: Path,
    lines: Iterable[Mapping[str, object]],
    *,
    codes: bool = False,
    columns: Sequence[Column] = COLUMNS,
) -> Path:
    """The same as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(labels(columns, codes=codes))
    for line in lines:
        sheet.append([line.get(column.name) for column in columns])
    book.save(path)
    return path


def write_xml(
    path: Path,
    lines: Iterable[Mapping[str, str]],
    *,
    encoding: str = "utf-8",
    declared: str = "",
    codes: bool = True,
    columns: Sequence[Column] = COLUMNS,
) -> Path:
    """The same in the envelope; elements without text are left out, as programs do."""
    names = [re.sub(r"\W", "", label) for label in labels(columns, codes=codes)]
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(f'<?xml version="1.0" encoding="{declared or encoding}"?>\n<ROWDATA>\n')
        for line in lines:
            cells = (
                f"<{name}>{escape(text)}</{name}>"
                for name, column in zip(names, columns, strict=True)
                if (text := line.get(column.name, ""))
            )
            file.write(f"<ROW>{''.join(cells)}</ROW>\n")
        file.write("</ROWDATA>\n")
    return path
