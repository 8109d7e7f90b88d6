"""What a rule is: one number, word or list that law or city sets, with source and time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, TypeAlias, cast

from workflows.rules.names import shape_of
from workflows.rules.spans import DATE, LENGTH_UNITS, UNITS, LengthUnit

OWN_SETTING: Final = "本系统默认（办公室自定）"


class UnknownRule(LookupError):  # noqa: N818 -- reads as what happened
    """No rule of that name and shape is in force."""


class Standing(StrEnum):
    """How far a rule can be relied on, for whoever reads it on a page."""

    LAW = "law"
    UNVERIFIED = "unverified"  # somebody says it is law, its wording was not seen
    OWN = "own"  # no law seen; the office sets it itself


@dataclass(frozen=True, slots=True)
class Length:
    """A span of time; how it is counted is the calendar's matter."""

    value: int
    unit: LengthUnit

    @property
    def in_words(self) -> str:
        """`3个工作日`, `60日`, `6个月`."""
        return f"{self.value}{UNITS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from: a stable code and its Chinese title."""

    code: str
    title: str


Value: TypeAlias = int | str | tuple[str, ...] | tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One rule, in force from ``effective_from`` to ``effective_to``, that day included.

    ``unit`` is that of a length, ``date`` where the value is an ISO day, else None.
    ``verified`` speaks of law: it is False where the wording of ``source`` was not seen. What
    the office sets itself has ``source`` OWN_SETTING and nothing to verify: it counts as
    verified, and ``standing`` tells it from law.
    """

    name: str
    value: Value
    unit: str | None
    source: str
    effective_from: date
    effective_to: date | None
    verified: bool
    note: str

    @property
    def standing(self) -> Standing:
        """Law, law not verified, or the office's own setting."""
        if self.source == OWN_SETTING:
            return Standing.OWN
        return Standing.LAW if self.verified else Standing.UNVERIFIED

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values, days in ISO."""
        return {
            "name": self.name,
            "value": _plain(self.value),
            "unit": self.unit,
            "source": self.source,
            "effective_from": self.effective_from.isoformat(),
            "effective_to": self.effective_to and self.effective_to.isoformat(),
            "verified": self.verified,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Row:
        """The inverse of ``as_json``."""
        until = data["effective_to"]
        return cls(
            name=data["name"],
            value=value_of(data["value"]),
            unit=data["unit"],
            source=data["source"],
            effective_from=date.fromisoformat(data["effective_from"]),
            effective_to=date.fromisoformat(until) if until else None,
            verified=data["verified"],
            note=data["note"],
        )


@dataclass(frozen=True)
class Rules:
    """All rules of a profile on one day; a case keeps those of the day it was filed."""

    profile: str
    rows: tuple[Row, ...]

    @cached_property
    def _by_name(self) -> dict[str, Row]:
        return {row.name: row for row in self.rows}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: the same rules, the same digest."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def row(self, name: str) -> Row:
        """The rule with its source; UnknownRule where there is none of that name."""
        try:
            return self._by_name[name]
        except KeyError:
            message = f"no rule {name!r} in {self.profile}"
            raise UnknownRule(message) from None

    def length(self, name: str) -> Length:
        """A span of time; UnknownRule where the rule is something else."""
        row = self.row(name)
        if row.unit not in LENGTH_UNITS or not isinstance(row.value, int):
            raise _misused(name, "length")
        return Length(row.value, cast("LengthUnit", row.unit))

    def number(self, name: str) -> int:
        """A number of times."""
        row = self.row(name)
        if row.unit is not None or not isinstance(row.value, int):
            raise _misused(name, "number")
        return row.value

    def choice(self, name: str) -> str:
        """The value chosen for a switch of policy, or the class of a penalty kind."""
        shape = shape_of(name)
        if shape is None or not shape.values:
            raise _misused(name, "choice")
        return self.text(name)

    def day(self, name: str) -> date:
        """A fixed day."""
        row = self.row(name)
        if row.unit != DATE or not isinstance(row.value, str):
            raise _misused(name, "day")
        return date.fromisoformat(row.value)

    def text(self, name: str) -> str:
        """One text; several are joined by 、."""
        return "、".join(self.texts(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a rule one by one; a rule of one text gives a tuple of one."""
        value = self.row(name).value
        if isinstance(value, str):
            return (value,)
        if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
            return cast("tuple[str, ...]", value)
        raise _misused(name, "text")

    def options(self, name: str) -> tuple[Option, ...]:
        """A list to choose from, in the order written."""
        value = self.row(name).value
        if isinstance(value, tuple) and all(isinstance(one, Option) for one in value):
            return cast("tuple[Option, ...]", value)
        raise _misused(name, "list of options")

    def as_json(self) -> dict[str, Any]:
        """Plain values, from which ``from_json`` makes the same rules again."""
        return {"profile": self.profile, "rules": [row.as_json() for row in self.rows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rules:
        """The inverse of ``as_json``."""
        return cls(data["profile"], tuple(Row.from_json(one) for one in data["rules"]))


@dataclass(frozen=True)
class Catalogue:
    """Every rule of a profile through all times; made by the reader, which has checked it.

    ``inherits``: the profile whose rules it has where it has none itself, empty for the first;
    ``own``: the names of those it sets itself.
    """

    profile: str
    title: str
    rows: tuple[Row, ...]
    inherits: str
    own: frozenset[str]

    @cached_property
    def _periods(self) -> dict[frozenset[int], Rules]:
        return {}

    def on(self, day: date) -> Rules:
        """The rules in force on a day, one object for all days with the same rules.

        Raises UnknownRule before the first day for which the profile has rules.
        """
        in_force = [n for n, row in enumerate(self.rows) if row.holds_on(day)]
        if not in_force:
            message = f"规则集 {self.profile} 没有 {day.isoformat()} 的规则"
            raise UnknownRule(message)
        rules = Rules(self.profile, tuple(self.rows[n] for n in in_force))
        return self._periods.setdefault(frozenset(in_force), rules)


def value_of(raw: Any) -> Value:
    """A value as TOML or JSON gives it, in the shape that rules keep."""
    if isinstance(raw, list):
        if all(isinstance(one, str) for one in raw):
            return tuple(raw)
        return tuple(Option(one["code"], one["title"]) for one in raw)
    return cast("Value", raw)


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [
            {"code": one.code, "title": one.title} if isinstance(one, Option) else one
            for one in value
        ]
    return value


def _misused(name: str, shape: str) -> UnknownRule:
    return UnknownRule(f"rule {name!r} is no {shape}")
