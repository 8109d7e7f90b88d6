"""What makes a record the same record: decision number, authority and subject (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from json.encoder import encode_basestring as _quoted
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from app.records.fields import FIELDS, SUBJECT_KINDS

Content: TypeAlias = "Mapping[str, str | None]"
"""What a record says, by all the names of `FIELDS`: days in ISO, amounts in yuan."""

Key: TypeAlias = tuple[str, str, str]

_values: Final = itemgetter(*FIELDS)
_OBJECT: Final = "{" + ",".join(f'"{name}":%s' for name in FIELDS) + "}"


def subject_code_of(content: Content) -> str:
    """By which number a record names its subject: the ID of a person, else the unified code."""
    if SUBJECT_KINDS.get(content["subject_kind"] or "") == "person":
        return content["id_no"] or ""
    return content["code"] or content["id_no"] or ""


def key_of(content: Content) -> Key:
    """Decision number, code of the authority, number of the subject."""
    return content["decision_no"] or "", content["authority_code"] or "", subject_code_of(content)


def key_digest(key: Key) -> str:
    """A key of fixed length."""
    return hashlib.sha256("\x1f".join(key).encode()).hexdigest()


class Said(NamedTuple):
    """What a record says, with what it is recognised by.

    `key`: the digest of decision, authority and subject; `text`: the content as JSON, the fields
    in the order of `FIELDS`; `digest`: that of the text, equal for equal contents.
    """

    content: Content
    key: str
    text: str
    digest: bytes


def said(content: Content) -> Said:
    """A content, looked at once."""
    text = content_text(content)
    return Said(content, key_digest(key_of(content)), text, hashlib.sha256(text.encode()).digest())


def content_text(content: Content) -> str:
    """A content as JSON, whatever the order of its fields."""
    return _OBJECT % tuple(
        ["null" if value is None else _quoted(value) for value in _values(content)]
    )
