"""What was asked of the program and what it answered: the driver's own books, outside of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.crash.asking import Answer, Request
from tests.crash.town import Somebody


class End(StrEnum):
    """How a deed ended; UNKNOWN while no whole answer came."""

    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"


@dataclass(eq=False)
class Deed:
    """Something asked once, however often it must be sent.

    `key`: under which the program does it once, or, where it knows no keys, a title or name that
    is used only here. `number` and `step`: the case and its step, where it is one.
    """

    who: Somebody
    what: str
    request: Request
    key: str
    number: str = ""
    step: str = ""
    ref: int = 0
    end: End = End.UNKNOWN
    unanswered: int = 0
    was_done: bool | None = None


@dataclass
class Ledger:
    """All deeds, kept by several threads."""

    deeds: list[Deed] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    busy: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, deed: Deed) -> None:
        """Write it down before it is sent."""
        with self._lock:
            self.deeds.append(deed)

    def silence(self, deed: Deed) -> None:
        """It was sent, and no whole answer came."""
        with self._lock:
            deed.unanswered += 1

    def found(self, deed: Deed) -> None:
        """Nobody answered, and yet it stands in the database: as good as acknowledged."""
        with self._lock:
            deed.end = End.DONE

    def answered(self, deed: Deed, answer: Answer) -> bool:
        """Write down how it ended; False where it must be sent again, the program being busy."""
        with self._lock:
            if answer.status == 503:
                self.busy += 1
                return False
            if answer.status in {200, 201, 302, 303}:
                _learn(deed, answer)
                deed.end = End.DONE
            else:
                deed.end = End.REFUSED
            if answer.status >= 500 or answer.status in {400, 401, 413, 415}:
                text = answer.body.decode(errors="replace")[:300]
                self.faults.append(f"{answer.status} for {deed.what} {deed.key}: {text}")
            return True

    def fault(self, text: str) -> None:
        """Something that may not happen at all."""
        with self._lock:
            self.faults.append(text)

    def copy(self) -> list[tuple[Deed, End]]:
        """Every deed, and how it stands at this moment."""
        with self._lock:
            return [(deed, deed.end) for deed in self.deeds]

    def ended(self) -> int:
        """How many have their answer."""
        with self._lock:
            return sum(one.end is not End.UNKNOWN for one in self.deeds)

    def waiting(self) -> list[Deed]:
        """Those that were sent and not answered."""
        with self._lock:
            return [one for one in self.deeds if one.end is End.UNKNOWN and one.unanswered]

    def counts(self) -> Counter[str]:
        """How many deeds ended how, and what became of those that were not answered."""
        with self._lock:
            found = Counter[str]({"busy": self.busy})
            for deed in self.deeds:
                found[deed.end] += 1
                if deed.end is End.DONE:
                    found[f"done {deed.what}"] += 1
                if deed.unanswered:
                    found["unanswered"] += 1
                    found[_fate(deed)] += 1
            return found


def _fate(deed: Deed) -> str:
    if deed.was_done is None:
        return "unanswered, not looked up"
    return "unanswered, yet done" if deed.was_done else "unanswered and not done"


def _learn(deed: Deed, answer: Answer) -> None:
    """The number of a case that was filed, the key of a row that was added."""
    if deed.what == "file":
        deed.number = answer.json["number"] if answer.status == 201 else _last(answer.location)
    elif deed.what in {"attach", "hand in"}:
        deed.ref = answer.json["id"]


def _last(location: str) -> str:
    return location.partition("#")[0].rpartition("/")[2]


def done(copied: Iterable[tuple[Deed, End]], *whats: str) -> list[Deed]:
    """The deeds of some kinds that were acknowledged."""
    return [deed for deed, end in copied if end is End.DONE and deed.what in whats]
