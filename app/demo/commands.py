"""Loading the demonstration city: its exports, its people, and what happened there."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Final

import flask_migrate

from app import clock
from app.audit.commands import Action, record
from app.cases import due
from app.clock import today
from app.db import db, transaction
from app.demo import accounts, exports
from app.demo.choosing import Stock
from app.demo.outgoing import draw_when_asked
from app.demo.plan import tell_all, working_days_before
from app.demo.queries import CITY, Standing, standing
from app.demo.town import Town
from app.people.actor import SYSTEM
from app.people.models import Subject
from app.records.models import Recipient, RecipientKind
from config import current

Tell = Callable[[str], None]

RECIPIENTS: Final = (
    ("省公共信用信息平台", RecipientKind.PLATFORM),
    ("惠州市示例企业征信服务有限公司", RecipientKind.THIRD_PARTY),
)
MORNING: Final = time(7, 30, tzinfo=clock.SHANGHAI)
"""When on the first day the exports come in and the accounts are made."""


def load(tell: Tell) -> Standing:
    """Load the city into an empty database; gives what the database held before.

    One that holds anything else is left as it is. A load that was interrupted is begun again,
    from empty tables. Takes some twenty seconds; `tell` is told how far it is. Outside of any
    transaction; two that load at the same time do it one after the other.
    """
    with _alone():
        found = standing()
        db.session.rollback()
        if found is Standing.BEGUN:
            tell("上次装载没有完成，清空后重新装载。")
            _empty()
        if found in {Standing.EMPTY, Standing.BEGUN}:
            _load(tell)
    return found


def _load(tell: Tell) -> None:
    end = today()
    days = working_days_before(end)
    with clock.at(datetime.combine(days[0], MORNING)):
        tell("导入单位、措施、失信记录和惩戒措施……")
        town = _settle(end)
    tell("办理案件……")
    tell_all(town, days, tell)
    exports.take_records_and_sanctions()
    due.tick()
    draw_when_asked()
    _note(Standing.LOADED)


def _settle(end: date) -> Town:
    """What there is before anything happens: units, recipients, records, people."""
    _note(Standing.BEGUN)
    exports.take_units()
    exports.take_measures()
    with transaction():
        db.session.add_all(
            Recipient(name=name, kind=kind, gets_everything=True) for name, kind in RECIPIENTS
        )
    exports.take_records_and_sanctions()
    return _peopled(Stock(end), end)


def _peopled(stock: Stock, end: date) -> Town:
    """Whom the accounts of subjects stand for is chosen from the records."""
    subject = stock.take_for_subject()
    person = stock.take_for_person(accounts.FIRST_PROVIDER, accounts.FIRST_EXECUTOR)
    neighbour = stock.take()
    secret = accounts.hashed_once()
    with transaction():
        staff = accounts.add_staff(secret)
        company = db.session.get_one(Subject, subject[0].subject_id)
        accounts.add_subject("subject", subject[0].says("legal_person"), secret, company)
        accounts.add_agent("agent", "温知行", secret, company, date(end.year + 1, 12, 31))
        for username, name, one in (
            ("person", person.name, person),
            ("subject-2", neighbour.says("legal_person"), neighbour),
        ):
            whom = db.session.get_one(Subject, one.subject_id)
            accounts.add_subject(username, name, secret, whom)
    return Town(staff, stock, subject, person, neighbour)


def _note(standing: Standing) -> None:
    with transaction():
        record(Action.IMPORTED, SYSTEM, CITY, standing=standing.value)


def _empty() -> None:
    """Nobody has worked in half a city: its tables are made anew."""
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()


@contextmanager
def _alone() -> Iterator[None]:
    with (current().data_dir / "demo.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
