"""Values of the exports: read as people write them, refused with the way out (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from stdnum.cn import uscc as unified_code

from app.tables import UNKNOWN

ReadText: TypeAlias = "Callable[[str], str | None]"

LONGEST_TEXT: Final = 65_535
BLANKS: Final = "\ufeff\u200b\u200c\u200d\u2060 \t\r\n\v\f\u00a0\u3000"
NO_DAY: Final = frozenset({"", "1900-01-01", "1900/01/01", "19000101", "无处罚期限", "长期", "无"})
"""What the exports write where there is no day (law.md 9.2)."""

_ANY_BLANK: Final = re.compile(rf"[{BLANKS}]")
_UNFIT: Final = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{UNKNOWN}\ud800-\udfff]")
"""Control characters, bytes that were none, and halves of characters, which no database takes."""

_DAY: Final = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]0{1,2}:00(?::00)?)?", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII),
)
_AMOUNT: Final = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_SMALLEST: Final = Decimal("0.01")
_CITIZEN_ID: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_DOCUMENT: Final = re.compile(r"[0-9A-Z()-]{5,40}")


class Refused(Exception):  # noqa: N818 -- reads as what happened to the value
    """A value cannot be taken; the message says why and what to do, in Chinese."""


def text(raw: str, longest: int = LONGEST_TEXT) -> str | None:
    """A text as it is, in composed characters and without blanks around it; None for none.

    Raises Refused for bytes that were no characters, for control characters, and where too long.
    """
    value = unicodedata.normalize("NFC", raw).strip(BLANKS)
    if found := _UNFIT.search(value):
        what = "不可见的控制字符" if found.group() < " " else "无法识别的字符"
        message = f"含有{what}，请以 UTF-8 编码重新导出，或删除后重报"
        raise Refused(message)
    if len(value) > longest:
        message = f"超过{longest}字，请缩短后重报"
        raise Refused(message)
    return value or None


def narrow(raw: str) -> str:
    """A number or code in half-width characters, without any blanks."""
    return _ANY_BLANK.sub("", raw if raw.isascii() else unicodedata.normalize("NFKC", raw))


def code(raw: str, longest: int = 40) -> str | None:
    """Some code: half-width, upper case, without blanks; None for none."""
    return text(narrow(raw).upper(), longest)


def unified(raw: str) -> str | None:
    """A unified social credit code (GB 32100); Refused where length, letters or check are wrong."""
    value = code(raw)
    if value is not None and not (len(value) == 18 and unified_code.is_valid(value)):
        message = f"“{_shown(value)}”不是有效的统一社会信用代码（18位，校验位不符），请核对后重报"
        raise Refused(message)
    return value


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
    total = sum(int(digit) * weight for digit, weight in zip(value, _WEIGHTS, strict=False))
    if _CHECK_DIGITS[total % 11] != value[-1]:
        message = "居民身份证号码的校验位不符，请核对后重报"
        raise Refused(message)
    return value


def document_number(raw: str) -> str | None:
    """The number of a passport or other document of identity."""
    value = code(raw)
    if value is not None and not _DOCUMENT.fullmatch(value):
        message = "不是有效的证件号码（5至40位字母、数字），请核对后重报"
        raise Refused(message)
    return value


def day(raw: str) -> date | None:
    """A day as it occurs: 2026/06/04, 2026-06-04, 20260604, 2026年6月4日; None for none."""
    value = unicodedata.normalize("NFKC", raw).strip(BLANKS)
    if not value:
        return None
    for pattern in _DAY:
        if found := pattern.fullmatch(value):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                break
    message = f"“{_shown(value)}”不是有效的日期，请写成 2026-06-04 的形式"
    raise Refused(message)


def end_day(raw: str) -> date | None:
    """A day on which something ends; None also where the exports write that it does not."""
    return None if narrow(raw) in NO_DAY else day(raw)


def yuan(raw: str) -> str | None:
    """An amount given in 万元, as yuan: a decimal string without needless zeros; None for none."""
    value = narrow(raw)
    if not value:
        return None
    if value.startswith("-"):
        message = f"金额“{_shown(value)}”为负数，请改为不小于0的数（万元）"
        raise Refused(message)
    if not _AMOUNT.fullmatch(value) or len(value) > 18:
        message = f"金额“{_shown(value)}”不是数字，请填写阿拉伯数字（万元）"
        raise Refused(message)
    amount = Decimal(value.replace(",", "")) * 10_000
    if amount != amount.quantize(_SMALLEST):
        message = f"金额“{_shown(value)}”精确到分以下，请保留至万元后六位小数"
        raise Refused(message)
    plain = f"{amount:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _shown(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"


def _is_day(digits: str) -> bool:
    try:
        date.fromisoformat(digits)
    except ValueError:
        return False
    return True
