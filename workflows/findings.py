"""What a verification may find about an item, and which of it means that the record is wrong."""

from enum import StrEnum


class Finding(StrEnum):
    """The answer to one contested item."""

    ACCURATE = "accurate"
    WRONG_CORRECT = "wrong_correct"
    WRONG_REVOKE = "wrong_revoke"
    UNVERIFIABLE = "unverifiable"
    NOT_OURS = "not_ours"


WRONG = frozenset({Finding.WRONG_CORRECT, Finding.WRONG_REVOKE})
