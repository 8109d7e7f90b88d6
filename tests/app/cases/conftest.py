"""The small city in which cases are tried."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.app.cases.city import City, city_again
from tests.app.cases.invariants import assert_invariants


@pytest.fixture
def city(session: Session) -> Iterator[City]:
    """An office with providers, departments and a company; whatever is done, the law holds."""
    yield city_again()
    assert_invariants(session)
