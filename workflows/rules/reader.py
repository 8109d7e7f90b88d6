"""Reads a profile of rules from TOML, and refuses what cannot be right, with file and line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from workflows.rules.names import faults_of_shape
from workflows.rules.periods import Placed, faults_of_periods
from workflows.rules.rows import OWN_SETTING, Catalogue, Row, value_of

HEADER: Final = "[[rule]]"
_REQUIRED: Final = {"name", "value", "source", "effective_from", "verified"}
_ALLOWED: Final = _REQUIRED | {"unit", "effective_to", "note"}
_DAY: Final = timedelta(days=1)
_HERE: Final = Path(__file__).resolve().parent
_KINDS: Final[dict[str, tuple[type, str]]] = {
    "name": (str, "文字"),
    "unit": (str, "文字"),
    "source": (str, "文字"),
    "effective_from": (date, "不加引号的日期，如 2026-04-01"),
    "effective_to": (date, "不加引号的日期，如 2026-04-01"),
    "verified": (bool, " true 或者 false"),
    "note": (str, "文字"),
}


class RuleFault(ValueError):  # noqa: N818 -- names what is wrong, as its message does
    """A profile cannot be used; ``faults`` lists all that is wrong, each as file:line: what."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class _Written:
    """One rule as it stands in the file, and the line of its header."""

    line: int
    raw: dict[str, Any]


def read(path: Path, heirs: tuple[str, ...] = ()) -> Catalogue:
    """The profile in a file, named after it, with what it inherits from the one it names.

    A rule that it sets itself replaces all rows of that name that it would inherit. ``heirs``:
    the profiles on whose behalf it is read. Raises RuleFault with every fault at once.
    """
    text = path.read_text(encoding="utf-8")
    document = _document(path, text)
    faults = [f"{path.name}:1: {fault}" for fault in _faults_at_the_top(document)]
    written = _written(text, document.get("rule"))
    if not written:
        faults.append(f"{path.name}:1: 没有规则：每条规则以一行 {HEADER} 开头")
    sound: list[Placed] = []
    for one in written:
        found = list(_faults_of(one.raw))
        faults += [f"{path.name}:{one.line}: {fault}" for fault in found]
        if not found:
            sound.append((one.line, _row(one.raw)))
    base = _base(path, document.get("inherits"), heirs)
    inherited = _kept(base, {row.name for _, row in sound}) if base else []
    whole = [*((1, row) for row in inherited), *sound]
    together = (*_faults_in_time(sound), *_left_open(sound, base), *faults_of_periods(whole))
    faults += [f"{path.name}:{line}: {fault}" for line, fault in together]
    if faults:
        raise RuleFault(faults)
    rows = sorted((row for _, row in whole), key=_order)
    own = frozenset(row.name for _, row in sound)
    return Catalogue(path.stem, document["title"], tuple(rows), base.profile if base else "", own)


def _base(path: Path, name: Any, heirs: tuple[str, ...]) -> Catalogue | None:
    """The profile that one inherits from, from beside it or else of the program.

    None where it stands alone or names no profile.
    """
    if not isinstance(name, str):
        return None
    if name in (*heirs, path.stem):
        raise RuleFault([f"{path.name}:1: inherits 绕成了一圈：{'、'.join((*heirs, path.stem))}"])
    for file in (path.with_name(f"{name}.toml"), _HERE / f"{name}.toml"):
        if file.is_file():
            return read(file, (*heirs, path.stem))
    raise RuleFault([f"{path.name}:1: inherits 所指的 {name}.toml 不存在"])


def _kept(base: Catalogue, replaced: set[str]) -> list[Row]:
    return [row for row in base.rows if row.name not in replaced]


def _left_open(placed: Iterable[Placed], base: Catalogue | None) -> Iterator[tuple[int, str]]:
    """Days on which the base has a rule and the profile that replaces it has none."""
    inherited = _spans(row for row in base.rows) if base else {}
    own = _spans(row for _, row in placed)
    lines = {row.name: line for line, row in reversed(list(placed))}
    for name in sorted(own.keys() & inherited.keys()):
        (first, last), (begins, ends) = own[name], inherited[name]
        if first > begins:
            yield lines[name], f"{name} 自 {first} 起，而所继承的自 {begins} 起：其间没有规则"
        if last < ends:
            yield lines[name], f"{name} 至 {last} 止，此后没有规则"


def _spans(rows: Iterable[Row]) -> dict[str, tuple[date, date]]:
    """From when until when there is a rule of each name."""
    found: dict[str, tuple[date, date]] = {}
    for row in rows:
        first, last = found.get(row.name, (date.max, date.min))
        until = row.effective_to or date.max
        found[row.name] = (min(first, row.effective_from), max(last, until))
    return found


def _document(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleFault([f"{path.name}: 不是有效的 TOML：{error}"]) from error


def _written(text: str, raws: Any) -> list[_Written]:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == HEADER]
    if not isinstance(raws, list) or len(raws) != len(lines):
        return []
    return [_Written(line, raw) for line, raw in zip(lines, raws, strict=True)]


def _faults_at_the_top(document: dict[str, Any]) -> Iterator[str]:
    for key in sorted(document.keys() - {"title", "inherits", "rule"}):
        yield f"不认识的项目 {key}"
    if not isinstance(document.get("title"), str):
        yield "缺少 title（规则集的名称）"
    if not isinstance(document.get("inherits", ""), str):
        yield "inherits 应为另一规则集的文件名，不带 .toml"


def _faults_of(raw: dict[str, Any]) -> Iterator[str]:
    for key in sorted(raw.keys() - _ALLOWED):
        yield f"不认识的项目 {key}"
    missing = sorted(_REQUIRED - raw.keys())
    for key in missing:
        yield f"缺少 {key}"
    wrong = [key for key, (kind, _) in _KINDS.items() if key in raw and not _is(raw[key], kind)]
    for key in wrong:
        yield f"{key} 应为{_KINDS[key][1]}"
    if not missing and not wrong:
        yield from _faults_of_content(raw)


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, datetime)


def _faults_of_content(raw: dict[str, Any]) -> Iterator[str]:
    for key in ("name", "source"):
        if not raw[key].strip():
            yield f"{key} 是空的"
    if raw["source"] == OWN_SETTING and not raw["verified"]:
        yield "办公室自定的规则没有法律依据可以核实，verified 应为 true"
    if raw.get("effective_to", date.max) < raw["effective_from"]:
        yield "effective_to 早于 effective_from"
    yield from faults_of_shape(raw["name"], raw["value"], raw.get("unit"))


def _row(raw: dict[str, Any]) -> Row:
    return Row(
        name=raw["name"],
        value=value_of(raw["value"]),
        unit=raw.get("unit"),
        source=raw["source"],
        effective_from=raw["effective_from"],
        effective_to=raw.get("effective_to"),
        verified=raw["verified"],
        note=raw.get("note", ""),
    )


def _order(row: Row) -> tuple[str, date]:
    return row.name, row.effective_from


def _faults_in_time(placed: Iterable[Placed]) -> Iterator[tuple[int, str]]:
    """The rows of one name must follow each other day on day."""
    ordered = sorted(placed, key=lambda one: _order(one[1]))
    for name, group in groupby(ordered, key=lambda one: one[1].name):
        for (_, earlier), (line, later) in pairwise(group):
            ends = earlier.effective_to
            if ends is None or ends >= later.effective_from:
                yield line, f"{name} 与自 {earlier.effective_from} 起的一条在时间上重叠"
            elif ends + _DAY != later.effective_from:
                yield line, f"{name} 在 {ends} 之后中断，须首尾相接"
