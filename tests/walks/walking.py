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

LENGTH = 400
"""Deeds in one walk, which begins in the city as it was built."""
Script = tuple[tuple[str, int], ...]
"""What is done, each with the seed of its own chances."""


@dataclass
class Told:
    """What a walk has come to: how often each was done, and how often it was refused."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    taken: int = 0


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
    begun = ("object_to", "apply_for_repair", *chosen)
    return tuple((name, chance.getrandbits(32)) for name in begun)


def walk(ground: Ground, script: Script, told: Told | None = None) -> World:
    """Do what the script says, and look at the truth after each deed.

    Raises Broken with the deeds so far at the first that breaks something.
    """
    world, known = ground.begun(), Truth()
    known.look(ground.commits, world.day)
    for count, (name, seed) in enumerate(script, start=1):
        try:
            with nothing_logged():
                done = perform(world, name, random.Random(seed))
            known.look(ground.commits, world.day)
            if count == len(script):
                truth.everything(world.day)
        except Exception as cause:
            raise Broken(script[:count], cause) from cause
        if told is not None:
            (told.done if done else told.refused)[name] += 1
    if told is not None:
        told.taken += known.step
    return world


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
