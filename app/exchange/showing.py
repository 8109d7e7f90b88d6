"""What the pages tell of an import: its state in words, how far it is, its counts as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.clock import now
from app.exchange.lines import Fate
from app.exchange.models import Import, State

TITLES: Final = {
    Fate.ACCEPT: "新增",
    Fate.UPDATE: "更新",
    Fate.SKIP: "跳过",
    Fate.REJECT: "拒绝",
}
WORDS: Final = {
    State.WAITING: "等待处理",
    State.READING: "正在检查文件",
    State.RUNNING: "正在处理",
    State.DONE: "处理完成",
    State.FAILED: "没有完成",
}
TRIAL_WORDS: Final = WORDS | {State.RUNNING: "正在试运行", State.DONE: "试运行完成，未写入"}
MARKS: Final = {State.DONE: "state-rest", State.FAILED: "state-marked"}
KILO: Final = 1024


@dataclass(frozen=True, slots=True)
class Share:
    """The lines of one fate: how many, and their place in a bar that is 100 wide."""

    fate: str
    title: str
    count: int
    start: float
    width: float


def words(row: Import) -> str:
    """Where an import stands."""
    return (TRIAL_WORDS if row.dry_run else WORDS)[row.state]


def mark(row: Import) -> str:
    """The class of the badge of its state."""
    return MARKS.get(row.state, "state-waiting")


def interrupted(row: Import) -> bool:
    """Whether it was begun, and nobody is at work on it now."""
    begun = row.ended_at is None and row.started_at is not None
    return begun and (row.lease_until is None or row.lease_until < now())


def shares(row: Import) -> Sequence[Share]:
    """The counts of every fate as parts of a bar, in the order of `Fate`."""
    whole, start, found = max(row.taken, 1), 0.0, []
    for fate, count in row.counts.items():
        width = round(100 * count / whole, 3)
        found.append(Share(fate.value, TITLES[fate], count, round(start, 3), width))
        start += width
    return found


def sentence(row: Import) -> str:
    """The counts in words."""
    return "，".join(f"{TITLES[fate]}{count}行" for fate, count in row.counts.items())


def size_of(row: Import) -> str:
    """How large the file is, in KB or MB."""
    if row.size < KILO * KILO:
        return f"{max(1, round(row.size / KILO))} KB"
    return f"{row.size / KILO / KILO:.1f} MB"


def wants_correction(why: str) -> bool:
    """Whether the source says that the decision does not stand: then a case must be opened."""
    return "开启更正、撤销" in why
