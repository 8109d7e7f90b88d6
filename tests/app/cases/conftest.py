"""The small city in which cases are tried."""

import pytest
from sqlalchemy.orm import Session

from tests.app.cases.city import City, build_city


@pytest.fixture
def city(session: Session) -> City:
    """An office with providers, departments and a company, nothing filed yet."""
    return build_city()
