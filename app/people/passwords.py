"""Passwords and tokens: how they are made, hashed and compared."""

from __future__ import annotations

import hashlib
import secrets
import string
import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.errors import Invalid

SHORTEST: Final = 12
LONGEST: Final = 128
KINDS_OF_CHARACTERS: Final = 3

_hasher: Final = PasswordHasher()
# A hash takes a tenth of a second of two processors: not more at once than that.
_turns: Final = threading.BoundedSemaphore(2)


@cache
def _nobodys_hash() -> str:
    """Verified for unknown names, so that they take as long as known ones.

    Made when it is first wanted: a program that signs nobody in need not wait for it.
    """
    return _hasher.hash(secrets.token_urlsafe(32))


def hash_password(password: str) -> str:
    """Argon2id. Raises Invalid for a password that GB/T 22239 8.1.4.1 a) would find weak."""
    password = _canonical(password)
    if not SHORTEST <= len(password) <= LONGEST or _kinds(password) < KINDS_OF_CHARACTERS:
        message = (
            f"密码须为{SHORTEST}至{LONGEST}位，并含大写字母、小写字母、数字、符号中的至少三类。"
        )
        raise Invalid({"password": message})
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is that password; takes as long where there is no hash, and says no."""
    if len(password) > LONGEST:
        password = ""
    try:
        with _turns:
            _hasher.verify(password_hash or _nobodys_hash(), _canonical(password))
    except VerifyMismatchError:
        return False
    return password_hash is not None


def rehash(password: str) -> str:
    """The hash with today's parameters of a password that was accepted before."""
    return _hasher.hash(_canonical(password))


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def new_secret() -> str:
    """A password for a start, with every kind of character: 120 random bits and a suffix."""
    return secrets.token_urlsafe(20).replace("-", "x").replace("_", "y") + "-Aa1"


def new_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: SHA-256, since its 256 bits cannot be guessed anyway."""
    return hashlib.sha256(token.encode()).hexdigest()


def _canonical(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _kinds(password: str) -> int:
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    found = sum(any(character in kind for character in password) for kind in kinds)
    return found + any(not (c.isascii() and c.isalnum()) for c in password)
