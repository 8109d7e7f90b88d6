"""One thing that is wrong with a definition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong and what to do: ``place`` is a state, step, clock or notice of ``kind``.

    ``code`` is the name of the demand that is not met, ``text`` Chinese.
    """

    code: str
    kind: str
    place: str
    text: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.kind} {self.place}：{self.text} [{self.code}]"


def listed(names: Iterable[str]) -> str:
    """Names in one order, as a line prints them."""
    return "、".join(sorted(names))
