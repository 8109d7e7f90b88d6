"""The code by which anybody can ask whether a paper is genuine: chance alone, so nobody guesses one."""

from __future__ import annotations

import secrets
from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are mistaken for others (Crockford's base 32)."""
_GROUPS: Final = 4
_MISTAKEN: Final = str.maketrans("ILOUilou", "110V110v")


def new() -> str:
    """A code of 80 random bits: `7K2M-QX0D-4RSE-9HBT`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))


def read(text: str) -> str | None:
    """The code that somebody has typed, whatever its hyphens, spaces and case; None if it is none."""
    plain = "".join(text.translate(_MISTAKEN).upper().replace("-", "").split())
    if len(plain) != 4 * _GROUPS or set(plain) - set(_LETTERS):
        return None
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
