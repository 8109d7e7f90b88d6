"""A walk: what is done one after the other, told by a seed; run, shortened and told again."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.walks import truth
from tests.walks.deeds import DEEDS, perform
from tests.walks.ground import Ground, World
from tests.walks.truth import Truth
from workflows import WORKFLOWS

LENGTH = 400
"""Deeds in one walk, which begins in the city as it was built."""
WHOLE = 100
"""After how many deeds everything is looked at, not only what was written."""
Script = tuple[tuple[str, int], ...]
"""What is done, each with the seed of its own chances."""


@dataclass
class Told:
    """What a walk has come to: how often each was done, and how often it was refused."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def taken(self) -> int:
        """How many steps stand in the histories of all cases."""
        return self.steps.total()

    @property
    def deeds(self) -> int:
        """How much was done, with what was refused."""
        return self.done.total() + self.refused.total()

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Steps of the law that nobody took."""
        every = [(kind, step.name) for kind, one in WORKFLOWS.items() for step in one.steps]
        return [one for one in every if one not in self.steps]


class Broken(AssertionError):  # noqa: N818 -- reads as what happened
    """A walk broke something; `script` are the deeds that led there."""

    def __init__(self, script: Script, cause: BaseException) -> None:
        self.script, self.cause = script, cause
        super().__init__(f"{type(cause).__name__}: {cause}")


def script_of(seed: int, length: int = LENGTH) -> Script:
    """The deeds of a walk: the same for the same seed."""
    chance = random.Random(f"walk {seed}")
    names, weights = list(DEEDS), [weight for _, weight in DEEDS.values()]
    chosen = chance.choices(names, weights, k=length)
    begun = ("settle", "object_to", "apply_for_repair", *chosen)
    return tuple((name, chance.getrandbits(32)) for name in begun)


def walk(ground: Ground, script: Script, told: Told | None = None) -> World:
    """Do what the script says, and look at the truth after each deed.

    Raises Broken with the deeds so far at the first that breaks something.
    """
    world, known = begun(ground)
    for count, (name, seed) in enumerate(script, start=1):
        try:
            with nothing_logged():
                done = perform(world, name, random.Random(seed))
            look(world, known, name)
            if count % WHOLE == 0:
                known.whole(world.day)
            if count == len(script):
                known.whole(world.day)
                truth.everything(world.day)
        except Exception as cause:
            raise Broken(script[:count], cause) from cause
        if told is not None:
            (told.done if done else told.refused)[name] += 1
    if told is not None:
        told.steps += known.register.counted()
    return world


def begun(ground: Ground) -> tuple[World, Truth]:
    """A new walk: the city as it was built, and what is true of it."""
    world = ground.begun()
    actors = {one.person_id: one for one in world.city.actor.values() if one.person_id}
    known = Truth(register=world.register, actors=actors)
    ground.news()
    known.whole(world.day)
    return world, known


def look(world: World, known: Truth, name: str) -> None:
    """Whether everything is still true once a deed was done."""
    known.policy = world.policy
    ticked = name == "let_the_clock_run"
    known.look(world.ground.news(), world.day, ticked=ticked)


def shortened(ground: Ground, broken: Broken, tries: int = 400) -> Broken:
    """A walk with the same kind of end and fewer deeds: halves, quarters … are left out."""
    kind, size = type(broken.cause), max(len(broken.script) // 2, 1)
    while size and tries:
        start, shorter = 0, False
        while start < len(broken.script) and tries:
            tries -= 1
            less = broken.script[:start] + broken.script[start + size :]
            found = _broken(ground, less)
            if found is not None and type(found.cause) is kind:
                broken, shorter = found, True
            else:
                start += size
        if not shorter or size > 1:
            size //= 2
    return broken


def _broken(ground: Ground, script: Script) -> Broken | None:
    try:
        walk(ground, script)
    except Broken as broken:
        return broken
    return None


def written(script: Sequence[tuple[str, int]]) -> str:
    """A script as one word, to be given to `script/walk --replay`."""
    names = list(DEEDS)
    return ".".join(f"{names.index(name):x}-{seed:x}" for name, seed in script)


def read(text: str) -> Script:
    """The script that `written` wrote."""
    names = list(DEEDS)
    pairs = (one.split("-") for one in text.split("."))
    return tuple((names[int(name, 16)], int(seed, 16)) for name, seed in pairs)


@contextmanager
def nothing_logged() -> Iterator[None]:
    """What the clock could not do it only logs: here it breaks the walk."""
    kept = _Kept()
    logger = logging.getLogger("app")
    logger.addHandler(kept)
    try:
        yield
    finally:
        logger.removeHandler(kept)
    if kept.rows:
        raise kept.rows[0]


class _Kept(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.rows: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        self.rows.append(cause or AssertionError(record.getMessage()))
