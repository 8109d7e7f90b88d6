"""The people: each client is a room with one person of each role, who tell stories side by side."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.load.browsing import Browser, Door, Wrong
from tests.load.stories import Story
from tests.load.town import Contested

STAFF: Final = ("clerk", "approver", "provider", "provider-approver", "executor")
LOOK_AGAIN: Final = 0.5


@dataclass
class Work:
    """What is to be told by whom, until when there is time (monotonic), and what came of it.

    `pause`: seconds that pass at least between the parts of a story; `length`: how many are told.
    """

    door: Door
    left: dict[str, deque[Contested]]
    until: float
    pause: float
    length: int
    over: list[Story] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """A person of each role on one side; the firm is another for each story."""

    def __init__(self, work: Work, side: str) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.side = side
        self.staff = {role: Browser(work.door) for role in STAFF}
        self.waiting: deque[Story] = deque()

    def sign_in(self) -> None:
        """All of the staff; the firms sign in when they come. Raises Wrong."""
        for role, browser in self.staff.items():
            browser.sign_in(account(role, self.side))

    def run(self) -> None:
        """Tell stories until none is left, or there is no time any more."""
        while self.waiting or self.work.left[self.side]:
            if time.monotonic() > self.work.until:
                self.work.faults.append(f"no time was left for {len(self.waiting)} stories")
                return
            if not self._one():
                time.sleep(LOOK_AGAIN)

    def _one(self) -> bool:
        """Go on with the story that waited longest, or begin another where its time has not come."""
        if self.waiting and self._gone_on(self.waiting[0]):
            return True
        self.waiting.rotate(-1)
        return self._begun()

    def _begun(self) -> bool:
        try:
            contested = self.work.left[self.side].popleft()
        except IndexError:
            return False
        firm = Browser(self.work.door)
        story = Story({**self.staff, "firm": firm}, contested, self.work.length)
        self.waiting.append(story)
        return self._gone_on(story)

    def _gone_on(self, story: Story) -> bool:
        """Tell its next part in its time; one in which something went wrong is told no further."""
        if time.monotonic() < story.not_before:
            return False
        try:
            done = story.go_on()
        except (Wrong, ValueError, LookupError) as error:
            self.work.faults.append(f"{story.number or story.of.firm}: {error}")
            self.waiting.remove(story)
            return True
        story.not_before = time.monotonic() + (self.work.pause if done else 0.0)
        if story.is_over:
            self.waiting.remove(story)
            self.work.over.append(story)
        return done


def account(role: str, side: str) -> str:
    """The name for signing in: `provider-approver` on side 2 is `provider2-approver`."""
    unit, dash, rank = role.partition("-")
    return f"{unit}{side}{dash}{rank}"


def at_work(work: Work, sides: Sequence[str], clients: int) -> list[Client]:
    """So many clients, alternating between the sides, signed in. Raises Wrong."""
    found = [Client(work, sides[number % len(sides)]) for number in range(clients)]
    for client in found:
        client.sign_in()
    return found
