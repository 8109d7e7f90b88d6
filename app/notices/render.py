"""From a frozen context to the text of a notice: strict, escaped, and with nothing else in reach."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from config import ROOT

TEMPLATES: Final = ROOT / "templates" / "notices"
STYLE: Final = TEMPLATES / "_style.css"
NUMERALS: Final = "零一二三四五六七八九"
_ENDS: Final = "。！？；：…）)”』.!?;"
_KEPT: Final = "\n\t"
_HIDDEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
_ORDINAL: Final = re.compile(
    r"\s*(?:\d{1,2}\s*[.．、)）](?!\s*\d)|[(（]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]、?"
    r"|[①-⑳][.、]?|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十]))\s*"
)
_WHOLE: Final = re.compile(
    r"[〔［\[（(]\d{4}[〕］\]）)]\d+号|\d{4}年\d{1,2}月\d{1,2}日|[A-Z]{2}-\d{4}-\d{6}"
)


class Missing(Exception):  # noqa: N818 -- reads as what happened
    """A notice would have printed a value that is not there."""


def render(kind: str, name: str, context: Mapping[str, Any]) -> str:
    """The notice as a page of HTML, from `templates/notices/<kind>/<name>.html`.

    Raises jinja2.UndefinedError for a variable that the context lacks, Missing where it is null,
    jinja2.TemplateNotFound where the notice has no template.
    """
    return _environment.get_template(f"{kind}/{name}.html").render(context)


def shown(value: Any) -> Any:
    """What is printed for a value: invisible and direction-changing characters become visible."""
    if value is None:
        message = "a notice prints a value that is null"
        raise Missing(message)
    if isinstance(value, Markup) or not isinstance(value, str) or value.isprintable():
        return value
    return "".join(_visible(character) for character in value)


def printed(value: Any) -> Any:
    """What is printed for a value on a page: as `shown`, its dates and numbers kept on one line."""
    value = shown(value)
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return Markup(_WHOLE.sub(r'<span class="whole">\g<0></span>', str(escape(value))))  # noqa: S704 -- escaped


def plain(value: Any) -> Markup:
    """What is printed for a value where no markup may stand, as in the title of the page."""
    return escape(shown(value))


def chinese_date(iso: str) -> str:
    """`2026-03-05` → `2026年3月5日`: Arabic numerals, no leading zeros (GB/T 9704)."""
    day = date.fromisoformat(_given(iso))
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_moment(iso: str) -> str:
    """`2026-03-05T09:07` → `2026年3月5日9时07分`."""
    moment = datetime.fromisoformat(_given(iso))
    return f"{chinese_date(moment.date().isoformat())}{moment.hour}时{moment.minute:02}分"


def due(deadline: Mapping[str, Any]) -> str:
    """The due date of a clock, marked where it may still move with next year's calendar.

    What is ordered while the clocks of the case stand still is due once they have gone on.
    """
    if deadline["due_on"] is None:
        return "期限恢复计算后的届满日"
    return chinese_date(deadline["due_on"]) + ("（暂定）" if deadline["provisional"] else "")


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, up to 99: the numbering of paragraphs."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    leading = "" if tens == 0 else "十" if tens == 1 else NUMERALS[tens] + "十"
    return leading + (NUMERALS[ones] if ones or not tens else "")


def legal(basis: Sequence[str]) -> str:
    """The legal basis as a clause; what is only a model (参照) comes last. Missing without any."""
    if not basis:
        message = "a notice names no legal basis"
        raise Missing(message)
    models = [one for one in basis if one.startswith("参照")]
    sources = [one for one in basis if one not in models]
    said = ["根据" + "、".join(sources)] if sources else []
    return "，".join([*said, *models]) + "的规定"


def sentence(text: str) -> str:
    """What somebody wrote, ended by a full stop where it has none."""
    text = text.rstrip()
    return text if not text or text[-1] in _ENDS else f"{text}。"


def unnumbered(line: str) -> str:
    """A line of a numbered list without the number that somebody typed before it.

    `1.`, `1、`, `（1）`, `①`, `一、`; `1.5万元` and `一、二号楼` begin with no number of their own.
    """
    return _ORDINAL.sub("", line, count=1) or line


def yuan(amount: str) -> str:
    """`2000.50` → `2,000.50元`; whole amounts without decimals."""
    value = Decimal(_given(amount))
    return f"{value:,.0f}元" if value == value.to_integral_value() else f"{value:,.2f}元"


def _given(value: object) -> str:
    """Its text; an undefined variable says so itself when it is asked for it."""
    if value is None:
        message = "a notice prints a value that is null"
        raise Missing(message)
    return str(value)


def _visible(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _HIDDEN:
        return character
    return f"[U+{ord(character):04X}]"


_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=True,
    finalize=printed,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "date": chinese_date,
    "moment": chinese_moment,
    "due": due,
    "legal": legal,
    "numeral": numeral,
    "plain": plain,
    "sentence": sentence,
    "unnumbered": unnumbered,
    "yuan": yuan,
}
