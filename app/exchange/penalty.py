"""What the formats of penalties have in common: what a line says, subject and days (pure)."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import partial
from typing import Final

from app.exchange import values
from app.exchange.parsing import Reader
from app.exchange.status import STATUS, Status, read_status
from app.records.fields import FIELDS, SUBJECT_KINDS
from app.records.identity import Content

CITIZEN_ID: Final = "身份证"
LONGEST_NAME: Final = 200
LONGEST_FOLDED: Final = 400
LONGEST_UNFOLDED: Final = LONGEST_FOLDED // 18
"""A character becomes eighteen at most when its width is folded (Unicode, UAX 15)."""
FIRST_YEAR: Final = 1950

short = values.remembered(partial(values.text, longest=200))
_name = partial(values.text, longest=LONGEST_NAME)
_number = partial(values.text, longest=128)
_NOTHING: Final[dict[str, str | None]] = dict.fromkeys(FIELDS)


def said(reader: Reader, content: dict[str, str | None]) -> Content:
    """What a line says, with nothing in the fields that are not named; they are those of `FIELDS`.

    Beside them stands the status that the decision has at its source, where it is not normal.
    """
    status = reader.get(STATUS, read_status)
    fields = _NOTHING | content
    return fields if status in {None, Status.NORMAL} else fields | {STATUS: status}


def subject_of(reader: Reader, kind: str, id_no: str | None) -> dict[str, str | None]:
    """Name, kind and numbers of the subject, of which one must be there and right."""
    name = reader.need("name", _name, "请填写行政相对人的姓名或名称")
    if len(name) > LONGEST_UNFOLDED and len(unicodedata.normalize("NFKC", name)) > LONGEST_FOLDED:
        reader.refuse("name", f"超过{LONGEST_NAME}字，请缩短后重报")
    if kind not in SUBJECT_KINDS:
        reader.refuse("subject_kind", f"应为{'、'.join(SUBJECT_KINDS)}之一")
    code = reader.get("code", values.unified)
    if SUBJECT_KINDS[kind] == "person" and id_no is None:
        reader.refuse("id_no", "自然人须填写证件号码，请补充后重报")
    if SUBJECT_KINDS[kind] == "organisation" and code is None:
        reader.refuse("code", "未填写，请补充18位统一社会信用代码后重报")
    if code is None and id_no is None:
        reader.refuse("code", "与证件号码均未填写，请至少补充一项后重报")
    return {"name": name, "subject_kind": kind, "code": code, "id_no": id_no}


def decision_of(reader: Reader, today: date) -> dict[str, str | None]:
    """Number and day of the decision, and until when it is valid and disclosed."""
    decided_on = _decided_on(reader, today)
    return {
        "decision_no": reader.need("decision_no", _number),
        "decided_on": decided_on.isoformat(),
        "valid_until": _iso(reader.get("valid_until", values.end_day)),
        "disclosed_until": _disclosed_until(reader, decided_on),
    }


def _decided_on(reader: Reader, today: date) -> date:
    day = reader.need("decided_on", values.day)
    if day > today:
        reader.refuse("decided_on", f"{day}晚于今天，请核对后重报")
    if day.year < FIRST_YEAR:
        reader.refuse("decided_on", f"{day}不是真实的决定日期，请核对后重报")
    return day


def _disclosed_until(reader: Reader, decided_on: date) -> str | None:
    day = reader.get("disclosed_until", values.end_day)
    if day is not None and day < decided_on:
        reader.refuse("disclosed_until", f"{day}早于处罚决定日期{decided_on}，请核对后重报")
    return _iso(day)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
