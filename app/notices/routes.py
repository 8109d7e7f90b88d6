"""The register of document numbers, for the office, and the check of a notice, for everybody."""

from __future__ import annotations

from typing import Final, cast

from flask import Blueprint, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from app.audit.commands import Action, record as note
from app.clock import today
from app.db import transaction
from app.errors import Invalid
from app.notices import genuine, register
from app.notices.forms import VerifyForm
from app.notices.genuine import Finding, Verdict
from app.people.actor import Actor
from app.web.addresses import key as as_key
from app.web.downloads import download
from app.web.permissions import PUBLIC, accepts_upload, current_actor, permit, roles
from workflows.grammar import Role

numbers = Blueprint("numbers", __name__)
verifying = Blueprint("verifying", __name__)

OFFICE: Final = roles(Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR)
ROOM_FOR_FIELDS: Final = 4096
CSV: Final = "text/csv; charset=utf-8"


@numbers.get("/register")
@permit(GET=OFFICE)
def index() -> ResponseReturnValue:
    """The series of a year, or the numbers of one of them, the highest first."""
    if name := request.args.get("series", ""):
        return _series_page(name)
    year = request.args.get("year", today().year, type=as_key)
    told = {"year": year, "years": register.years(), "series": register.series_of(year)}
    return render_template("register/index.html", **told)


def _series_page(name: str) -> str:
    series = register.series_named(name)
    before = request.args.get("before", type=as_key)
    found = register.entries(name, before=before, limit=register.PAGE + 1)
    shown = found[: register.PAGE]
    more = shown[-1].row.ordinal if len(found) > len(shown) else None
    return render_template("register/series.html", one=series, entries=shown, next=more)


@numbers.get("/register.csv")
@permit(GET=OFFICE)
def export() -> ResponseReturnValue:
    """The numbers of a year, or of one series, as CSV; that somebody took it is recorded."""
    name = request.args.get("series", "")
    year = request.args.get("year", today().year, type=as_key)
    named = [register.series_named(name)] if name else register.series_of(year)
    title = f"文号登记-{name or year}.csv"
    with transaction():
        note(Action.EXPORTED, cast("Actor", current_actor()), f"register:{name or year}")
    parts = register.as_csv([one.name for one in named])
    return download(stream_with_context(parts), CSV, title)


@verifying.get("/verify")
@permit(GET=PUBLIC)
def ask() -> ResponseReturnValue:
    """The form for the code on a paper, or for a file."""
    return _verify_page(VerifyForm(formdata=None))


@verifying.post("/verify")
@permit(POST=PUBLIC)
@accepts_upload(genuine.LARGEST + ROOM_FOR_FIELDS, "文件太大，不是本系统出具的文书。")
def look() -> ResponseReturnValue:
    """What is known of the paper or file; nothing of it is kept."""
    form = VerifyForm()
    try:
        return _verify_page(form, form.verdict())
    except Invalid as error:
        form.refuse(error.faults)
        return _verify_page(form), error.status


@verifying.get("/verify/<code>")
@permit(GET=PUBLIC)
def show(code: str) -> ResponseReturnValue:
    """Where the square code on a notice leads."""
    verdict = genuine.of_code(code)
    known = verdict.finding is not Finding.UNKNOWN
    return _verify_page(VerifyForm(formdata=None), verdict), 200 if known else 404


def _verify_page(form: VerifyForm, verdict: Verdict | None = None) -> str:
    by_file = bool(form.file.data)
    told = {"form": form, "verdict": verdict, "by_file": by_file, "statuses": register.STATUSES}
    return render_template("verify.html", **told)
