"""Counting queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session


@dataclass
class Count:
    """How many statements were sent."""

    number: int = 0


@pytest.fixture
def count_queries(session: Session) -> Callable[[], AbstractContextManager[Count]]:
    """Counts the statements that a block sends."""

    @contextmanager
    def counting() -> Iterator[Count]:
        count = Count()

        def add(*_: object) -> None:
            count.number += 1

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", add)
        try:
            yield count
        finally:
            event.remove(connection, "before_cursor_execute", add)

    return counting
