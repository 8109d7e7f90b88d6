"""The pages of cases: the inbox, the list, each case with its steps, files and notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.commands import Action, record as note
from app.cases import opening, papers, queries, stepping, uploading, waiting as beside
from app.cases.attaching import attach, open_file, remove
from app.cases.choices import records_with
from app.cases.commands import serve
from app.cases.commitments import published
from app.cases.explaining import reckoned
from app.cases.facts import CaseFacts
from app.cases.files import LARGEST
from app.cases.forms import StepForm, UploadForm, new_key
from app.cases.lists import Line, due_key, lines, part
from app.cases.openings import OPENINGS
from app.cases.overview import overview, sees_whole
from app.cases.presentation import CONFIRMED_HERE
from app.cases.queries import PAGE, Search
from app.cases.repairable import advice, in_the_way, terms
from app.cases.service.commands import note_reading
from app.cases.service.telling import back_told
from app.clock import today
from app.db import transaction
from app.delivery import commands as delivery
from app.delivery.queries import GivenUp, given_up, message_for, open_for
from app.errors import Conflict, Invalid, NotFound, RedressError, StepRefused
from app.notices.drawing import draw
from app.people.actor import Actor
from app.records.models import Record
from app.records.queries import visible_to as visible_records
from app.web.addresses import key as as_key
from app.web.downloads import download, shown
from app.web.permissions import PUBLIC, SIGNED_IN, accepts_upload, current_actor, permit
from workflows import WORKFLOWS, editions
from workflows.grammar import Role

cases = Blueprint("cases", __name__)

LONGEST_KEY: Final = 64
ROOM_FOR_FIELDS: Final = 64 * 1024
RECENT: Final = 10
ABREAST: Final = 20
APPROVERS: Final = frozenset({Role.PROVIDER_APPROVER, Role.EXECUTOR_APPROVER, Role.OFFICE_APPROVER})


def me() -> Actor:
    """Whoever sends the request; signed in, wherever a view asks for it."""
    return cast("Actor", current_actor())


# --- lists


@cases.get("/")
@permit(GET=PUBLIC)
def inbox() -> ResponseReturnValue:
    """What waits for the person, the most pressing first; the public page for everybody else."""
    actor = me()
    if actor.person_id is None:
        return render_template("people/welcome.html", terms=terms())
    after = due_key(request.args.get("after", ""))
    waiting = queries.inbox(actor, after=after, limit=PAGE + 1)
    messages = open_for(actor.unit_id) if actor.unit_id else ()
    shown = part(waiting, PAGE, by_due=True)
    told = {
        "hearings": beside.hearings(actor),
        "to_confirm": beside.to_confirm(actor),
        "came_back": [back_told(*one) for one in beside.came_back(actor)],
        "messages": messages,
    }
    return render_template("cases/inbox.html", waiting=shown, **told, **_besides(actor))


def _besides(actor: Actor) -> dict[str, Sequence[Line | GivenUp]]:
    """What else is of use on the first page: to filers, to approvers, to supervisors."""
    supervises = Role.OFFICE_SUPERVISOR in actor.roles
    failed = given_up() if supervises or Role.ADMIN_SYSTEM in actor.roles else ()
    recent = queries.listed(actor, Search(), limit=RECENT) if actor.subjects else ()
    handled = queries.handled_beside(actor, limit=ABREAST) if actor.roles & APPROVERS else ()
    late = queries.overdue(actor, today(), limit=ABREAST) if supervises else ()
    told = {"recent": lines(recent), "handled": lines(handled), "overdue": lines(late)}
    return {**told, "given_up": failed}


@cases.post("/messages/<int:key>/receipt")
@permit(POST=SIGNED_IN)
def receipt_message(key: int) -> ResponseReturnValue:
    """The recipient confirms that it did what it was told of a record."""
    with transaction():
        message = message_for(key, me().unit_id or 0)
        if message is None:
            raise NotFound
        delivery.receipt(message, me())
    flash("已回执。")
    return redirect(url_for("cases.inbox"))


@cases.get("/cases")
@permit(GET=SIGNED_IN)
def index() -> ResponseReturnValue:
    """The cases that the person may see, the newest first, narrowed as asked."""
    search = _search()
    before = request.args.get("before", type=as_key)
    found = part(queries.listed(me(), search, before=before, limit=PAGE + 1), PAGE)
    return render_template("cases/list.html", found=found, search=search, workflows=WORKFLOWS)


@cases.get("/commitments")
@permit(GET=PUBLIC)
def commitments() -> ResponseReturnValue:
    """What applicants for repair have promised, for everybody."""
    found = published(request.args.get("before", type=as_key), PAGE)
    return render_template("cases/commitments.html", found=found)


def _search() -> Search:
    """`kind` may name a state, too: "objection.submitted"; what does not exist narrows nothing."""
    given = request.args
    kind, _, state = given.get("kind", "").partition(".")
    state = state or given.get("state", "")
    states = [state.name for known in editions() for state in known.states]
    return Search(
        kind=kind if kind in WORKFLOWS else "",
        state=state if state in states else "",
        text=given.get("q", "")[:200],
        overdue_on=today() if given.get("overdue") else None,
    )


# --- a new case


def _with_a_key(kind: str, records: Sequence[Record]) -> str:
    return url_for("cases.new", kind=kind, record=[one.id for one in records], once=new_key())


@cases.get("/cases/new/<kind>")
@permit(GET=SIGNED_IN)
def new(kind: str) -> ResponseReturnValue:
    """Choose records first, then say what is wrong with them."""
    opening.may_open(kind, me())
    records = _records_named()
    if missing := opening.not_chosen(kind, records, asked="chosen" in request.args):
        return _choosing_page(kind, missing)
    once = request.args.get("once", "")[:LONGEST_KEY]
    if opened := opening.opened_with(me(), once):
        flash("这份表单已经保存过，可以在这里继续办理。", "warning")
        return redirect(_next_page(*opened))
    if not once:
        # In the address, so that whoever comes back to this page sends the same form again.
        return redirect(_with_a_key(kind, records))
    form = opening.opening_form(kind, me(), records, sent=False)
    form.once.data = once
    return _opening_page(kind, form, records)


def _choosing_page(kind: str, missing: Sequence[str]) -> str:
    text = request.args.get("q", "")[:200]
    cards = opening.cards(kind, opening.offered(kind, me(), text))
    told = {"kind": kind, "text": text, "cards": cards, "opening": OPENINGS[kind]}
    return render_template("cases/choose.html", missing=missing, **told)


def _next_page(number: str, state: str) -> str:
    """Where a case is worked on once it was opened: a draft is amended."""
    if state == "draft":
        return url_for("cases.step", number=number, name="amend")
    return url_for("cases.show", number=number)


@cases.post("/cases/new/<kind>")
@permit(POST=SIGNED_IN)
def create(kind: str) -> ResponseReturnValue:
    """Open the case; where something is wrong, all that was typed is still there."""
    opening.may_open(kind, me())
    records = _records_named()
    form = opening.opening_form(kind, me(), records, sent=True)
    try:
        number = opening.open_case(kind, me(), form)
    except (Invalid, StepRefused, Conflict) as error:
        opening.refuse(form, error)
        return _opening_page(kind, form, records, error), error.status
    return redirect(url_for("cases.show", number=number))


def _records_named() -> Sequence[Record]:
    given = request.args
    wanted = [key for name in ("record", "record_id") for key in given.getlist(name, type=as_key)]
    return records_with(wanted[:PAGE], visible_records(me(), wanted[:PAGE]))


def _opening_page(
    kind: str, form: StepForm, records: Sequence[Record], error: RedressError | None = None
) -> str:
    refused = error.reasons if isinstance(error, StepRefused) else ()
    told = {"kind": kind, "opening": OPENINGS[kind], "cards": opening.cards(kind, records)}
    waits = in_the_way(records[0], me())[0] if kind == "repair" else ()
    told |= {"waits": waits, "advice": advice(waits)}
    return render_template("cases/new.html", form=form, refused=refused, **told)


# --- a case and its steps


@cases.get("/cases/<number>")
@permit(GET=SIGNED_IN)
def show(number: str) -> ResponseReturnValue:
    """A case that explains itself; a stranger gets 404."""
    return _case_page(number)


def _case_page(
    number: str, form: UploadForm | None = None, error: RedressError | None = None
) -> str:
    told = overview(queries.case_for(me(), number), me())
    upload = uploading.upload_form(told, me(), form, error)
    return render_template("cases/case.html", upload=upload, **told)


@cases.get("/cases/<number>/deadlines")
@permit(GET=SIGNED_IN)
def deadlines(number: str) -> ResponseReturnValue:
    """How each due date of a case came about: by which rule, and which days count."""
    case = queries.case_for(me(), number)
    clocks = reckoned(CaseFacts(case, today()), whole=sees_whole(me(), case))
    return render_template("cases/deadlines.html", case=case, clocks=clocks)


@cases.get("/cases/<number>/steps/<name>")
@permit(GET=SIGNED_IN)
def step(number: str, name: str) -> ResponseReturnValue:
    """The form of a step, and what stands in its way."""
    return render_template("cases/step.html", **stepping.step_page(me(), number, name))


@cases.post("/cases/<number>/steps/<name>")
@permit(POST=SIGNED_IN)
def take(number: str, name: str) -> ResponseReturnValue:
    """Take the step; where it is refused, all that was typed is still there."""
    form = stepping.sent_form(me(), number, name)
    try:
        flash(stepping.send(me(), number, name, form))
    except (Invalid, StepRefused, Conflict) as error:
        told = stepping.refused_page(me(), number, name, form, error)
        return render_template("cases/step.html", **told), error.status
    return redirect(url_for("cases.show", number=number))


@cases.post("/cases/<number>/steps/<name>/preview")
@permit(POST=SIGNED_IN)
def preview(number: str, name: str) -> ResponseReturnValue:
    """The notices of the step as they would look, with their numbers left open."""
    form = stepping.sent_form(me(), number, name)
    try:
        return shown(stepping.rehearse(me(), number, name, form), "application/pdf")
    except (Invalid, StepRefused, Conflict) as error:
        told = stepping.refused_page(me(), number, name, form, error)
        return render_template("cases/step.html", **told), error.status


# --- files and notices


@cases.post("/cases/<number>/attachments")
@permit(POST=SIGNED_IN)
@accepts_upload(LARGEST + ROOM_FOR_FIELDS)
def add_attachment(number: str) -> ResponseReturnValue:
    """Add a file to the case; one that is not taken is explained on the page of the case."""
    form = UploadForm()
    try:
        attach(me(), number, form.upload, *form.words)
    except RedressError as error:
        if error.status not in {409, 413, 415, 422}:
            raise
        return _case_page(number, form, error), error.status
    flash("附件已添加。")
    return redirect(url_for("cases.show", number=number, _anchor=_where_it_was_added()))


def _where_it_was_added() -> str:
    """The part of the page on which the file was chosen."""
    return "duties" if request.form.get("at") == "duties" else "attachments"


@cases.get("/attachments/<int:key>")
@permit(GET=SIGNED_IN)
def attachment(key: int) -> ResponseReturnValue:
    """A file of a case, to be kept; that somebody read it is recorded."""
    found = queries.attachment_for(me(), key)
    data, media_type, name = open_file(found), found.media_type, found.filename
    with transaction():
        note(Action.ATTACHMENT_READ, me(), f"attachment:{key}")
    return download(data, media_type, name)


@cases.post("/attachments/<int:key>/removal")
@permit(POST=SIGNED_IN)
def remove_attachment(key: int) -> ResponseReturnValue:
    """Take a file out of a draft that the person may amend."""
    number = remove(me(), key)
    flash("附件已删除。")
    return redirect(url_for("cases.show", number=number, _anchor="attachments"))


@cases.get("/notices/<int:key>.pdf")
@permit(GET=SIGNED_IN)
def notice(key: int) -> ResponseReturnValue:
    """A notice as PDF, drawn where it is not there yet; that somebody read it is recorded."""
    found = queries.notice_for(me(), key)
    data, name = draw(found), f"{found.title}{found.number}.pdf"
    with transaction():
        note(Action.NOTICE_READ, me(), f"notice:{key}")
        note_reading(me(), found)
    return download(data, "application/pdf", name)


@cases.get("/cases/<number>/papers/<name>.pdf")
@permit(GET=SIGNED_IN)
def print_paper(number: str, name: str) -> ResponseReturnValue:
    """A paper to sign, or for the file; that somebody took it is recorded."""
    data, title = papers.drawn(me(), number, name)
    with transaction():
        note(Action.EXPORTED, me(), f"paper:{number}:{name}")
    return download(data, "application/pdf", title)


@cases.post("/notices/<int:key>/receipt")
@permit(POST=SIGNED_IN)
def receipt_notice(key: int) -> ResponseReturnValue:
    """The addressee has the notice: the periods that run from service begin."""
    number = queries.notice_for(me(), key).case_number
    serve(key, me(), CONFIRMED_HERE)
    flash("已确认收到文书。")
    if request.form.get("at") == "home":
        return redirect(url_for("cases.inbox"))
    seen = request.form.get("case", number)
    return redirect(url_for("cases.show", number=seen, _anchor="notices"))
