"""Recording what was done or seen."""

from __future__ import annotations

import enum
import json
from typing import Any

import sqlalchemy as sa

from app.audit import queries
from app.audit.chain import START, canonical, seal
from app.audit.models import AuditEntry
from app.clock import now
from app.db import db
from workflows.office import Actor


class Action(enum.StrEnum):
    """What is recorded, as "subject:thing:action"; what is not listed cannot be recorded."""

    SIGNED_IN = "person:session:signed_in"
    SIGN_IN_REFUSED = "person:session:refused"
    SIGNED_OUT = "person:session:signed_out"
    PERSON_CREATED = "person:account:created"
    PERSON_DISABLED = "person:account:disabled"
    PERSON_ENABLED = "person:account:enabled"
    PASSWORD_SET = "person:password:set"  # noqa: S105 -- the name of an action
    TOKEN_ISSUED = "person:token:issued"  # noqa: S105 -- the name of an action
    TOKEN_WITHDRAWN = "person:token:withdrawn"  # noqa: S105 -- the name of an action
    ROLE_GIVEN = "person:role:given"
    ROLE_TAKEN = "person:role:taken"
    REPRESENTATION_MADE = "person:representation:made"
    REPRESENTATION_ENDED = "person:representation:ended"
    UNIT_CREATED = "unit:account:created"
    HANDED_IN = "data:file:handed_in"
    IMPORTED = "data:file:imported"
    EXPORTED = "data:file:exported"
    CALENDAR_IMPORTED = "calendar:year:imported"
    RECORD_UNMASKED = "record:identity:unmasked"
    ATTACHMENT_READ = "case:attachment:read"
    ATTACHMENT_REMOVED = "case:attachment:removed"
    NOTICE_READ = "case:notice:read"
    NOTICE_ENDED = "case:notice:ended"
    SERVICE_BEGUN = "case:service:begun"
    SERVICE_ENDED = "case:service:ended"
    SERVICE_PROOF_READ = "case:service:proof_read"
    CONSENT_GIVEN = "subject:consent:given"
    CONSENT_WITHDRAWN = "subject:consent:withdrawn"
    LOG_READ = "audit:log:read"
    DATA_BACKED_UP = "data:backup:made"
    DATA_RESTORED = "data:backup:restored"


def record(action: Action, actor: Actor, ref: str, **data: Any) -> AuditEntry:
    """Add an entry to the actor's chain, inside the transaction of what it records.

    `ref` names the thing by reference ("person:12", a case number), `data` holds plain values;
    neither has personal data. Raises ValueError for an action that is not listed.
    """
    chain = chain_of(actor)
    _lock(chain)
    head = queries.head(chain)
    row = {
        "chain": chain,
        "seq": head.seq + 1 if head else 1,
        "action": Action(action).value,
        "actor_id": actor.person_id,
        "subject_ref": ref,
        "at": now(),
        "data": json.loads(canonical(data)),
    }
    mac = seal(bytes.fromhex(head.mac) if head else START, row)
    entry = AuditEntry(**row, mac=mac.hex())
    db.session.add(entry)
    db.session.flush()
    return entry


def chain_of(actor: Actor) -> str:
    """A chain for each person and one for the machine: one for all would queue everybody."""
    return "system" if actor.person_id is None else f"person:{actor.person_id}"


def _lock(chain: str) -> None:
    """Two requests of one person queue here; on SQLite a transaction that writes is alone."""
    if db.session.get_bind().dialect.name == "postgresql":
        key = sa.func.hashtextextended(f"audit:{chain}", 0)
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
