"""What a page of a case or a record says, and what a notice says, as somebody reads it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bs4 import Tag
from pypdf import PdfReader

from tests.pages import Page


def words(element: Tag) -> str:
    """The text of an element, each run of white space one blank."""
    return " ".join(element.get_text(" ").split())


def facts(element: Tag) -> dict[str, str]:
    """The terms of a list and what they are."""
    found = {}
    for term in element.select("dl > div > dt"):
        said = term.find_next_sibling("dd")
        assert said is not None
        found[words(term)] = words(said)
    return found


def rows(page: Page, caption: str) -> list[dict[str, str]]:
    """The rows of the table with this caption; nothing where there is no such table."""
    return [
        {str(cell["data-label"]): words(cell) for cell in row.select("td")}
        for row in body_of(page, caption)
    ]


def body_of(page: Page, caption: str) -> list[Tag]:
    """The rows of the table with this caption, as they stand."""
    tables = [one for one in page.all("table") if one.caption and words(one.caption) == caption]
    assert len(tables) <= 1, caption
    return list(tables[0].select("tbody > tr")) if tables else []


def pdf_text(data: bytes) -> str:
    """The text of a PDF without any white space."""
    pages = PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@dataclass(frozen=True)
class Letter:
    """A notice as the page of its case lists it; `served`: what is said of its service."""

    key: int
    title: str
    number: str
    to: str
    issued_on: str
    served: str


class CasePage:
    """The page of a case."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def state(self) -> str:
        """The title of its state."""
        return words(self.page.all(".standing .badge-state")[0])

    @cached_property
    def standing(self) -> dict[str, str]:
        """Who must act, what is to be done and until when."""
        return facts(self.page.one(".standing"))

    @cached_property
    def letters(self) -> list[Letter]:
        """Its notices, as far as the reader may read them."""
        return [_letter(row) for row in body_of(self.page, "本案文书")]

    @cached_property
    def dues(self) -> dict[str, date]:
        """The clocks that run, by title, and when they are due."""
        found = {}
        for term, said in self._clocks():
            for time in said.select(".due:not(.due-ended) > time"):
                found[words(term)] = date.fromisoformat(str(time["datetime"]))
        return found

    @cached_property
    def ended(self) -> set[str]:
        """The titles of the clocks that run no more."""
        return {words(term) for term, _ in self._clocks()} - self.dues.keys()

    def _clocks(self) -> Iterator[tuple[Tag, Tag]]:
        for term in self.page.all("section[aria-labelledby=deadlines] dt"):
            said = term.find_next_sibling("dd")
            assert said is not None
            yield term, said

    @cached_property
    def sanctions(self) -> dict[str, str]:
        """Each measure, and whether it is in force."""
        return {row["措施"]: row["目前是否执行"] for row in rows(self.page, "相关惩戒措施")}

    @cached_property
    def children(self) -> dict[str, str]:
        """The number of each case that this one began, and the title of its state."""
        found = rows(self.page, "由本案发起的办理")
        return {row["案件"].split()[0]: row["状态"] for row in found}

    @cached_property
    def items(self) -> list[dict[str, str]]:
        """What is contested and what was found, item by item; `heading` as it stands there."""
        return [
            {"heading": words(one.h3)} | facts(one)
            for one in self.page.all("section[aria-labelledby=items] article.item")
            if one.h3
        ]

    @cached_property
    def missing(self) -> list[str]:
        """What an application still needs before it can be handed in."""
        found = self.page.all("section[aria-labelledby=checks] .check-missing .check-title")
        return [words(one) for one in found]

    @cached_property
    def duties(self) -> dict[str, str]:
        """Each duty of the penalty, and whether it is proven."""
        return {
            words(one.select(".check-title")[0]): words(one.select(".badge-state")[0])
            for one in self.page.all("section[aria-labelledby=duties] .checks li")
        }

    def part(self, name: str) -> str:
        """The text of a part of the page; empty where there is no such part."""
        found = self.page.all(f"section[aria-labelledby={name}]")
        return words(found[0]) if found else ""

    @cached_property
    def marks(self) -> dict[str, str]:
        """Each record's decision number, and its badges."""
        return {
            words(one.h3): words(one.p)
            for one in self.page.all("section[aria-labelledby=records] article.item")
            if one.h3 and one.p
        }

    @cached_property
    def history(self) -> list[str]:
        """The titles of what happened, oldest first."""
        chosen = "section[aria-labelledby=history] .timeline-title"
        return [words(one) for one in self.page.all(chosen)]


class RecordPage:
    """The page of a record."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def switches(self) -> dict[str, str]:
        """The title of each switch, and its state in words."""
        return {row["事项"]: row["现状"] for row in rows(self.page, "四项使用状态，各自独立")}

    @cached_property
    def sanctions(self) -> dict[str, str]:
        """Each measure, and how it stands."""
        return {row["措施"]: row["执行情况"] for row in self._sanctions()}

    @cached_property
    def periods(self) -> dict[str, str]:
        """Each measure, and its period."""
        return {row["措施"]: row["期限"] for row in self._sanctions()}

    def _sanctions(self) -> list[dict[str, str]]:
        return rows(self.page, "惩戒措施及其执行情况")

    @cached_property
    def versions(self) -> list[str]:
        """What each version is, the latest first."""
        return [words(one) for one in self.page.all("main .timeline-title")]


def _letter(row: Tag) -> Letter:
    link = row.select_one("a")
    number = row.select_one(".number")
    assert link is not None
    assert number is not None
    said = {str(cell["data-label"]): words(cell) for cell in row.select("td")}
    key = re.search(r"/notices/(\d+)\.pdf", str(link["href"]))
    assert key is not None
    more = row.select_one(".service-link")
    served = said["送达"].removesuffix(words(more)).strip() if more else said["送达"]
    return Letter(
        int(key[1]), words(link), words(number), said["受送达人"], said["出具日期"], served
    )
