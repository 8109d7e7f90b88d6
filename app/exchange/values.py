"""Values of the exports: read as people write them, refused with the way out (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache, wraps
from operator import mul
from typing import Final, TypeAlias, TypeVar

from app.exchange.days import read_day
from app.tables import UNKNOWN

Value = TypeVar("Value")
ReadText: TypeAlias = "Callable[[str], str | None]"

LONGEST_TEXT: Final = 65_535
KNOWN: Final = 8192
LONGEST_KNOWN: Final = 64
"""How many values of a kind are remembered, and how many characters one has at most."""
BLANKS: Final = "\ufeff\u200b\u200c\u200d\u2060 \t\r\n\v\f\u00a0\u3000"
NOTHING: Final = frozenset({"/", "\\", "-", "--", "—", "——", "无", "空", "NULL", "null"})
"""What the exports write into a code, an amount or a day where there is none."""
NO_END: Final = frozenset({"无处罚期限", "无期限", "无固定期限", "长期", "长期有效", "永久", "0"})
"""What they write where something does not end (law.md 9.2)."""
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9999
"""Years that stand for no day: 1900-01-01, 9999-12-31. 2099-12-31 is kept as it is written."""

_ANY_BLANK: Final = re.compile(rf"[{BLANKS}]")
_UNFIT: Final = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{UNKNOWN}\ud800-\udfff]")
"""Control characters, bytes that were none, and halves of characters, which no database takes."""

_AMOUNT: Final = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_UNITS: Final = (("万元", 10_000), ("万", 10_000), ("元", 1))
_CURRENCY: Final = re.compile(r"(?:人民币|RMB|CNY|¥)(?=.*[万元]$)", re.IGNORECASE)
_SMALLEST: Final = Decimal("0.01")
_UNIFIED: Final = re.compile(r"[0-9]{8}[0-9A-HJ-NP-RTUW-Y]{10}")
_UNIFIED_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_UNIFIED_DIGITS: Final = {digit: at for at, digit in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_CITIZEN_ID: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_ORGANISATION: Final = re.compile(r"([0-9A-Z]{8})-?([0-9X])", re.ASCII)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_DOCUMENT: Final = re.compile(r"[0-9A-Z()-]{5,40}")


class Refused(Exception):  # noqa: N818 -- reads as what happened to the value
    """A value cannot be taken; the message says why and what to do, in Chinese."""


def remembered(read: Callable[[str], Value]) -> Callable[[str], Value]:
    """Reads what comes again and again once; what is refused is read each time."""
    known = lru_cache(KNOWN)(read)

    @wraps(read)
    def reading(raw: str) -> Value:
        return known(raw) if len(raw) <= LONGEST_KNOWN else read(raw)

    return reading


def text(raw: str, longest: int = LONGEST_TEXT) -> str | None:
    """A text as it is, in composed characters and without blanks around it; None for none.

    Raises Refused for bytes that were no characters, for control characters, and where too long.
    """
    value = (raw if raw.isascii() else unicodedata.normalize("NFC", raw)).strip(BLANKS)
    # What can be printed has no control characters, and is looked through much faster.
    if (UNKNOWN in value or not value.isprintable()) and (found := _UNFIT.search(value)):
        what = "不可见的控制字符" if found.group() < " " else "无法识别的字符"
        message = f"含有{what}，请以 UTF-8 编码重新导出，或删除后重报"
        raise Refused(message)
    if len(value) > longest:
        message = f"超过{longest}字，请缩短后重报"
        raise Refused(message)
    return value or None


def narrow(raw: str) -> str:
    """A number or code in half-width characters, without any blanks."""
    if raw.isascii():
        return raw if raw.isalnum() else _ANY_BLANK.sub("", raw)
    return _ANY_BLANK.sub("", unicodedata.normalize("NFKC", raw))


def code(raw: str, longest: int = 40) -> str | None:
    """Some code: half-width, upper case, without blanks; None for none."""
    value = narrow(raw)
    return None if value in NOTHING else text(value.upper(), longest)


common_text: Final = remembered(text)
common_code: Final = remembered(code)
"""For columns that say the same in many lines."""


def unified(raw: str) -> str | None:
    """A unified social credit code (GB 32100); Refused where length, letters or check are wrong."""
    value = code(raw)
    if value is None or not value.strip("0"):
        return None
    if not (_UNIFIED.fullmatch(value) and _unified_check(value) == _UNIFIED_DIGITS[value[-1]]):
        message = f"“{_shown(value)}”不是有效的统一社会信用代码（18位，校验位不符），请核对后重报"
        raise Refused(message)
    return value


def _unified_check(value: str) -> int:
    total: int = sum(map(mul, map(_UNIFIED_DIGITS.__getitem__, value[:-1]), _UNIFIED_WEIGHTS))
    return -total % 31


def organisation(raw: str) -> str | None:
    """A code of an organisation (GB 11714), with or without its hyphen, or the unified code."""
    value = code(raw)
    if value is None or not value.strip("0-"):
        return None
    if len(value) == 18:
        return unified(value)
    found = _ORGANISATION.fullmatch(value)
    if found is None or _organisation_check(found[1]) != found[2]:
        message = f"“{_shown(value)}”不是有效的组织机构代码（9位，校验位不符），请核对后重报，没有的请留空"
        raise Refused(message)
    return value


def _organisation_check(stem: str) -> str:
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(stem, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0X987654321"[total % 11]


def citizen_id(raw: str) -> str | None:
    """A citizen ID (GB 11643): length, digits, day of birth and check digit, not the region.

    The region is that of the first registration, which may be younger than the holder.
    """
    value = code(raw)
    if value is None:
        return None
    if not _CITIZEN_ID.fullmatch(value) or not _is_day(value[6:14]):
        message = "不是有效的18位居民身份证号码，请核对后重报"
        raise Refused(message)
    if _citizen_check(value) != value[-1]:
        message = "居民身份证号码的校验位不符，请核对后重报"
        raise Refused(message)
    return value


def _citizen_check(value: str) -> str:
    return "0123456789X"[(1 - 2 * int(value[:-1], 13)) % 11]


def document_number(raw: str) -> str | None:
    """The number of a passport or other document of identity."""
    value = code(raw)
    if value is not None and not _DOCUMENT.fullmatch(value):
        message = "不是有效的证件号码（5至40位字母、数字），请核对后重报"
        raise Refused(message)
    return value


@remembered
def day(raw: str) -> date | None:
    """A day in any shape that occurs (app.exchange.days); None for none."""
    value = unicodedata.normalize("NFKC", raw).strip(BLANKS)
    if not value or value in NOTHING:
        return None
    found = read_day(value)
    if found is None:
        message = f"“{_shown(value)}”不是有效的日期，请写成 2026-06-04 的形式"
        raise Refused(message)
    return found


@remembered
def end_day(raw: str) -> date | None:
    """A day on which something ends; None also where the exports write that it does not."""
    found = None if narrow(raw) in NO_END else day(raw)
    if found is None or not FIRST_YEAR < found.year < LAST_YEAR:
        return None
    return found


@remembered
def yuan(raw: str) -> str | None:
    """An amount from a column in 万元, as the formats want it; see `_yuan`."""
    return _yuan(raw, 10_000)


@remembered
def plain_yuan(raw: str) -> str | None:
    """An amount from a column that is in yuan."""
    return _yuan(raw, 1)


def _yuan(raw: str, unit: int) -> str | None:
    """An amount as yuan: a decimal string without needless zeros; None for none.

    `unit`: the yuan in which it is given where it does not say.
    """
    value = narrow(raw)
    if not value or value in NOTHING:
        return None
    if value.startswith("-"):
        message = f"金额“{_shown(value)}”为负数，请改为不小于0的数（万元）"
        raise Refused(message)
    number, unit = _number_and_unit(value, unit)
    if not _AMOUNT.fullmatch(number) or len(number) > 18:
        message = f"金额“{_shown(value)}”不是数字，请填写阿拉伯数字（万元）"
        raise Refused(message)
    amount = Decimal(number.replace(",", "")) * unit
    if amount != amount.quantize(_SMALLEST):
        message = f"金额“{_shown(value)}”精确到分以下，请保留至万元后六位小数"
        raise Refused(message)
    plain = f"{amount:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _number_and_unit(value: str, unit: int) -> tuple[str, int]:
    """A number and the yuan that it counts: what stands behind it decides."""
    value = _CURRENCY.sub("", value, count=1)
    for suffix, worth in _UNITS:
        if value.endswith(suffix):
            return value.removesuffix(suffix), worth
    return value, unit


def _shown(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"


def _is_day(digits: str) -> bool:
    try:
        date.fromisoformat(digits)
    except ValueError:
        return False
    return True
