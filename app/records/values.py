"""What may stand in a field of a record, in the form in which records keep it (pure)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from app.records.fields import AMOUNTS, DATES, FIELDS, SUBJECT_KINDS

REQUIRED: Final = frozenset({"name", "subject_kind", "decision_no", "decided_on", "authority_code"})


def fault_of(name: str, value: str) -> str:
    """Why a value cannot stand in a field, in Chinese; "" where it can."""
    if name not in FIELDS:
        return "没有这个字段"
    if not value.strip():
        return "不能为空" if name in REQUIRED else ""
    if name in DATES and not _is_day(value):
        return "日期应写成2026-03-01的形式"
    if name in AMOUNTS and not _is_amount(value):
        return "金额应以元为单位写成数字，如47700.00"
    if name == "subject_kind" and value not in SUBJECT_KINDS:
        return f"应为{'、'.join(SUBJECT_KINDS)}之一"
    return ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_amount(value: str) -> bool:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return False
    return amount.is_finite() and amount >= 0
