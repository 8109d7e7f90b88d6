"""The documents that an input names: a file of the case by its number, anything else in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, Final

import sqlalchemy as sa

from app.cases.facts import CaseFacts, kept
from app.cases.models import Attachment, CaseLink
from app.db import db
from workflows.grammar import Shape, entries

# A long number without the word is the number of a document, of a receipt say, and no file's.
_FILE: Final = r"(?:附件\s*(?:第\s*)?\d+|\d{1,9}(?!\d))\s*号?"
_FILES: Final = re.compile(rf"\s*{_FILE}(?:[\s、，,；;和与及]+{_FILE})*\s*")
_EACH: Final = re.compile(_FILE)
_IN_WORDS: Final = re.compile(r"(?:^|(?<=[\s、，,；;。：:（(见]))附件\s*(?:第\s*)?\d+(?:\s*号)?")
_DIGITS: Final = re.compile(r"\d+")


def as_read(facts: CaseFacts, text: str) -> str:
    """A document as people read it: each number of a file of the case becomes its title."""
    named = _naming(text)
    if not named.search(text):
        return text
    titles = _titles(facts)
    read = named.sub(lambda one: titles.get(_number(one), one[0]), text)
    for title in titles.values():
        read = read.replace(f"{title}：{title}", title)
    return read


def unknown(facts: CaseFacts, given: Any) -> dict[str, str]:
    """A sentence for each field of an input that names a file by a number the case does not have.

    By the path of the field, as `inputs.parse` names it ("conditions.1.proof"); the files of a case
    and of the cases that opened it may be named.
    """
    said = [
        (path, title, sorted({_number(one) for one in _naming(text).finditer(text)}))
        for path, title, text in _documents(given)
    ]
    if not any(numbers for _, _, numbers in said):
        return {}
    known = _titles(facts)
    missing = (
        (path, title, [one for one in named if one not in known]) for path, title, named in said
    )
    return {path: _sentence(title, numbers) for path, title, numbers in missing if numbers}


def _sentence(title: str, numbers: list[int]) -> str:
    files = "、".join(f"附件{one}" for one in numbers)
    return (
        f"{title}写的是{files}，本案没有这个编号的附件。"
        "请核对本案附件的编号；文书没有上传的，写明文书名称和文号。"
    )


def _documents(given: Any, within: str = "", row: str = "") -> Iterator[tuple[str, str, str]]:
    """Path, title and text of each document that an input names, rows included."""
    for field, said in entries(type(given)) if is_dataclass(given) else ():
        value, path = getattr(given, field.name), f"{within}{field.name}"
        if said.shape is Shape.DOCUMENT and isinstance(value, str):
            yield path, f"{row}“{said.title}”", value
        elif isinstance(value, tuple):
            for place, one in enumerate(value):
                yield from _documents(one, f"{path}.{place}.", f"第{place + 1}项")


def _naming(text: str) -> re.Pattern[str]:
    """What names a file in a text: in words only what says so and stands by itself."""
    return _EACH if _FILES.fullmatch(text) else _IN_WORDS


def _number(found: re.Match[str]) -> int:
    return int(_DIGITS.findall(found[0])[0])


@kept
def _titles(facts: CaseFacts) -> dict[int, str]:
    """The titles of the files of the case and of the cases that opened it, by their numbers."""
    opened_by = sa.select(CaseLink.parent_id).where(CaseLink.child_id == facts.row.id)
    cases = [facts.row.id, *db.session.scalars(opened_by)]
    chosen = sa.select(Attachment.id, Attachment.title).where(Attachment.case_id.in_(cases))
    return {row.id: row.title for row in db.session.execute(chosen)}
