"""What makes a record the same record: decision number, authority and subject (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TypeAlias

from app.records.fields import FIELDS, SUBJECT_KINDS

Content: TypeAlias = "Mapping[str, str | None]"
"""What a record says, by all the names of `FIELDS`: days in ISO, amounts in yuan."""

Key: TypeAlias = tuple[str, str, str]


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


def content_digest(content: Content) -> bytes:
    """Equal for equal contents, whatever the order of their fields."""
    listed = [content[name] for name in FIELDS]
    return hashlib.sha256(json.dumps(listed).encode()).digest()
