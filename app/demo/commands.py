"""Loading the demonstration city: its exports, its people, and what happened there."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Final

import flask_migrate

from app import clock
from app.audit.commands import Action, record
from app.cases import due
from app.clock import today
from app.db import db, not_waiting_for_the_disk, transaction
from app.demo import accounts
from app.demo.choosing import Stock
from app.demo.exports import Exports, take_measures, take_units
from app.demo.outgoing import draw_when_asked
from app.demo.plan import FULL, Plan, tell_all, working_days_before
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


def load(tell: Tell, plan: Plan = FULL) -> Standing:
    """Load the city into an empty database; gives what the database held before.

    One that holds anything else is left as it is. A load that was interrupted is begun again,
    from empty tables. Takes half a minute; `tell` is told how far it is. Outside of any
    transaction; two that load at the same time do it one after the other. `plan` says how much
    happened in the city.
    """
    with _alone():
        found = standing()
        db.session.rollback()
        if found is Standing.BEGUN:
            tell("上次装载没有完成，清空后重新装载。")
            _empty()
        if found in {Standing.EMPTY, Standing.BEGUN}:
            _load(tell, plan)
    return found


def _load(tell: Tell, plan: Plan) -> None:
    end = today()
    days = working_days_before(end, plan.days)
    exports = Exports(end)
    with clock.at(datetime.combine(days[0], MORNING)):
        _note(Standing.BEGUN)
    with not_waiting_for_the_disk():
        _live(exports, plan, end, days, tell)
    _note(Standing.LOADED)


def _live(exports: Exports, plan: Plan, end: date, days: Sequence[date], tell: Tell) -> None:
    """All that happens from the first day to the last."""
    with clock.at(datetime.combine(days[0], MORNING)):
        tell("导入单位、措施、失信记录和惩戒措施……")
        town = _settle(exports, end)
    tell(f"办理案件（{days[0]}至{days[-1]}）……")

    def new_month(day: date) -> None:
        with clock.at(datetime.combine(day, MORNING)):
            exports.take(day)
            town.stock.look(day)

    tell_all(town, plan, days, tell, new_month)
    exports.take(end)
    due.tick()
    draw_when_asked()


def _settle(exports: Exports, end: date) -> Town:
    """What there is before anything happens: units, recipients, records, people."""
    take_units()
    take_measures()
    with transaction():
        db.session.add_all(
            Recipient(name=name, kind=kind, gets_everything=True) for name, kind in RECIPIENTS
        )
    exports.take(today())
    stock = Stock(end)
    town = _peopled(stock, end)
    stock.look(today())
    return town


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
        accounts.add_agencies(secret)
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
