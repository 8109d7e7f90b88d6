"""The pages of records: a list to search, and each record with all that hangs on it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from app.audit.commands import Action, record as record_audit
from app.clock import today
from app.db import transaction
from app.errors import NotAllowed, NotFound
from app.records import disclosed
from app.records.desk import Repairing, case_desk
from app.records.display import shown
from app.records.listing import listed
from app.records.models import Record
from app.records.publication import publication_of
from app.records.queries import OFFICE, record_for, sees_numbers_of
from app.records.resting import resting_on
from app.web.downloads import download
from app.web.permissions import PUBLIC, current_actor, permit, roles
from workflows.grammar import Role

records = Blueprint("records", __name__)

READERS: Final = roles(
    Role.SUBJECT,
    Role.PROVIDER_HANDLER,
    Role.PROVIDER_APPROVER,
    Role.EXECUTOR_HANDLER,
    Role.EXECUTOR_APPROVER,
    Role.OFFICE_CLERK,
    Role.OFFICE_APPROVER,
    Role.OFFICE_SUPERVISOR,
)


@records.route("/records")
@permit(GET=READERS)
def index() -> ResponseReturnValue:
    """The records that the person may see, searched by name, code or decision number."""
    text = _text()
    page = listed(current_actor(), text, request.args.get("cursor", ""))
    return render_template("records/index.html", page=page, text=text)


@records.route("/disclosed")
@permit(GET=PUBLIC)
def public() -> ResponseReturnValue:
    """What is disclosed today, for everybody."""
    text = _text()
    page = disclosed.disclosed(text, request.args.get("cursor", ""))
    takes_away = bool(current_actor().roles & OFFICE)
    return render_template("records/disclosed.html", page=page, text=text, takes_away=takes_away)


@records.route("/disclosed.csv")
@permit(GET=roles(*OFFICE))
def public_csv() -> ResponseReturnValue:
    """The same as a file, whole, for the office."""
    parts = stream_with_context(disclosed.as_csv(_text()))
    name = f"信用信息公示-{today().isoformat()}.csv"
    return download(parts, "text/csv; charset=utf-8", name)


@records.route("/records/<int:record_id>", methods=["GET"])
@permit(GET=READERS)
def show(record_id: int) -> ResponseReturnValue:
    """One record; a stranger gets 404."""
    return _page(_record(record_id), whole_numbers=False)


@records.route("/records/<int:record_id>", methods=["POST"])
@permit(POST=READERS)
def unmask(record_id: int) -> ResponseReturnValue:
    """The same with the numbers of documents whole, for office and provider; it is recorded."""
    record = _record(record_id)
    if not sees_numbers_of(current_actor(), record):
        raise NotAllowed
    with transaction():
        record_audit(Action.RECORD_UNMASKED, current_actor(), f"record:{record_id}")
    return _page(_record(record_id), whole_numbers=True)


def _text() -> str:
    """What was searched for."""
    return request.args.get("q", "").strip()[:200]


def _page(record: Record, *, whole_numbers: bool) -> ResponseReturnValue:
    actor = current_actor()
    about, resting = shown(record, whole_numbers=whole_numbers), resting_on(record, actor)
    named = about.cases.union(*(one.cases + one.declined_to for one in resting))
    repairing = _repairing(record)
    revoked = case_desk().revoked(record)
    named |= {one.number for one in revoked} | ({repairing.number} if repairing else set())
    return render_template(
        "records/record.html",
        record=record,
        shown=about,
        publication=publication_of(record),
        repairing=repairing,
        revoked=revoked,
        sanctions=resting,
        openable=case_desk().openable(actor, named),
        may_unmask=sees_numbers_of(actor, record) and not whole_numbers,
    )


def _repairing(record: Record) -> Repairing | None:
    """Whether its repair may be applied for, to whoever could apply; None to everybody else."""
    actor = current_actor()
    applies = record.subject_id in actor.subjects or Role.OFFICE_CLERK in actor.roles
    return case_desk().repairing(actor, record) if applies and record.ended_by is None else None


def _record(record_id: int) -> Record:
    found = record_for(current_actor(), record_id)
    if found is None:
        message = "没有这条信用记录，或者您不能查看。"
        raise NotFound(message)
    return found
