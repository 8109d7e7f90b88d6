"""A record that two recipients got, and notices to be drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.delivery import commands
from app.delivery.models import Message
from app.people.commands import create_unit, ensure_subject
from app.people.models import Unit
from app.records.models import Recipient, RecipientKind, Record
from tests.app.notices.conftest import drafts
from tests.notices.samples import COMPANY

__all__ = ["drafts"]


@pytest.fixture
def department(session: Session) -> Unit:
    with transaction():
        return create_unit("惠州市财政局", "114413000072100000", executes=True)


@pytest.fixture
def record(session: Session) -> Record:
    with transaction():
        provider = create_unit("惠州市市场监督管理局", "11441300MB2C00003X", provides=True)
        subject = ensure_subject("organisation", COMPANY, "91441300MA4UK5XC8N")
        one = Record(
            decision_no="惠市监处罚〔2026〕118号",
            authority_code=provider.code,
            subject_code=subject.code,
            subject_id=subject.id,
            provider_id=provider.id,
            decided_on=date(2026, 5, 18),
            penalty_kind="罚款",
            version=2,
            imported_at=datetime(2026, 5, 20, tzinfo=UTC),
        )
        db.session.add(one)
        return one


@pytest.fixture
def messages(department: Unit, record: Record) -> list[Message]:
    """What a department and a platform were sent."""
    with transaction():
        to = [
            Recipient(name=department.name, kind=RecipientKind.UNIT, unit_id=department.id),
            Recipient(name="国家公共信用信息平台", kind=RecipientKind.PLATFORM),
        ]
        db.session.add_all(to)
        db.session.flush()
        return commands.send(
            recipients=to,
            record=record,
            case_number="GZ-2026-000005",
            subject="信息更正",
            body="罚款金额由20000元更正为2000元。",
        )
