"""Where the searches begin: which cases meet over which records and sanctions."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tests.composition.world import Case, Item, Record, Sanction, Taken, World
from workflows.findings import Finding

SHARED: Final = Sanction(50, frozenset({30, 31}))
ALONE: Final = Sanction(50, frozenset({30}))
ONE, OTHER = Record(30), Record(31)
FILED: Final = (Taken("file", None, "draft", 20),)


def objection(number: str, *records: int) -> Case:
    """A draft that contests one item of each record."""
    items = tuple(Item(int(number[-1]) * 10 + n, record) for n, record in enumerate(records))
    said = (("source", "subject"), ("statement", "不属实"))
    return Case(number, "objection", "draft", items=items, details=said, past=FILED)


def submitted(number: str, record: int) -> Case:
    """An objection that has been handed in."""
    handed_in = Taken("submit", "draft", "submitted", 20)
    return objection(number, record)._replace(state="submitted", past=(*FILED, handed_in))


def repair(number: str, record: int) -> Case:
    """A draft that is ready to be handed in."""
    said = {"record": record, "statement": "已经缴清", "commitment": True, "proposal": None}
    return Case(number, "repair", "draft", details=tuple(sorted(said.items())), past=FILED)


class Scene(NamedTuple):
    """A beginning, how often people may go back, and whether a verification is one step."""

    start: World
    back: int = 0
    at_once: bool = False

    def options(self) -> dict[str, Any]:
        """What the search is told."""
        return {"back": self.back, "at_once": self.at_once}


SCENES: Final = {
    "an objection alone, found whatever may be found, once taken up again": Scene(
        World(
            (ONE._replace(harmed=True),),
            (ALONE._replace(mandatory=True),),
            (objection("YY-1", 30),),
            findings=(*World._field_defaults["findings"], Finding.UNVERIFIABLE, Finding.NOT_OURS),
        ),
        back=1,
    ),
    "a repair alone, twice taken up again": Scene(
        World((ONE,), (ALONE,), (repair("XF-1", 30),)), back=2
    ),
    "an objection to one record and the repair of another": Scene(
        World((ONE, OTHER), (SHARED,), (objection("YY-1", 30), repair("XF-1", 31)))
    ),
    "an objection to a record and its repair": Scene(
        World((ONE, OTHER), (SHARED,), (objection("YY-1", 30), repair("XF-1", 30)))
    ),
    "an objection to both records of a sanction": Scene(
        World((ONE, OTHER), (SHARED,), (objection("YY-1", 30, 31),))
    ),
    "two objections to the records of one sanction": Scene(
        World((ONE, OTHER), (SHARED,), (submitted("YY-1", 30), submitted("YY-2", 31))),
        at_once=True,
    ),
    "two objections to one record": Scene(
        World((ONE, OTHER), (SHARED,), (submitted("YY-1", 30), submitted("YY-2", 30))),
        at_once=True,
    ),
}
