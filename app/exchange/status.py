"""What the source of a decision says of its state: normal, revoked, contested (law.md 9.1; pure)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.exchange import values
from app.exchange.columns import Column
from app.records.identity import Content


class Status(StrEnum):
    """The state of a decision at its source, by the codes of the exports."""

    NORMAL = "0"
    REVOKED = "1"
    CONTESTED = "2"
    OTHER = "3"


STATUS: Final = "status"
COLUMN: Final = Column(STATUS, "当前状态", "CF_ZT", required=False, also=("处罚状态",))
WORDS: Final = {
    "正常": Status.NORMAL,
    "有效": Status.NORMAL,
    "撤销": Status.REVOKED,
    "已撤销": Status.REVOKED,
    "异议": Status.CONTESTED,
    "有异议": Status.CONTESTED,
    "其他": Status.OTHER,
}
_CODES: Final = {status.value: status for status in Status}


def read_status(raw: str) -> Status | None:
    """A status by its code, its word or both (1=撤销); None for none. Refused where unknown."""
    value = values.narrow(raw)
    if not value:
        return None
    code, _, word = value.replace(":", "=").partition("=")
    found = _CODES.get(code.removesuffix(".0")) or WORDS.get(code)
    if found is None or (word and WORDS.get(word) is not found):
        message = f"“{value[:40]}”不是规定的状态，应为0（正常）、1（撤销）、2（异议）、3（其他）之一，请核对后重报"
        raise values.Refused(message)
    return found


def status_of(said: Content) -> Status:
    """The status that a line gives beside the content of the record."""
    return Status(said.get(STATUS) or Status.NORMAL)
