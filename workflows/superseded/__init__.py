"""Definitions that newer ones have replaced; the cases that were opened under them stay on them.

Replacing one: its page is copied to ``superseded/<kind>_<version>.py`` and named here, its
conditions, consequences and inputs are copied beside it where they change, too; the page in force
gets the next version of the law. Nothing is taken away from here while a case tells of it.
"""

from workflows.grammar import Workflow

SUPERSEDED: dict[tuple[str, int], Workflow] = {}
"""By kind and version."""
