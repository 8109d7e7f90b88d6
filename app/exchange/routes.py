"""The pages on which providers hand in files of records, and read what became of them."""

from __future__ import annotations

from typing import Final, cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotFound, RedressError
from app.exchange import commands, keeping, queries, showing
from app.exchange.forms import HandInForm
from app.exchange.reports import CSV, TEMPLATES, report_csv
from app.exchange.writings import written
from app.people.actor import Actor
from app.people.queries import units_by_id
from app.web.addresses import key as as_key
from app.web.downloads import download
from app.web.permissions import accepts_upload, current_actor, permit, roles
from workflows.grammar import Role

imports = Blueprint("imports", __name__, url_prefix="/imports")

PROVIDERS: Final = (Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER)
GIVERS: Final = roles(*PROVIDERS)
READERS: Final = roles(*PROVIDERS, Role.OFFICE_CLERK, Role.OFFICE_APPROVER, Role.OFFICE_SUPERVISOR)
ROOM_FOR_FIELDS: Final = 64 * 1024
EXPLAINED: Final = frozenset({409, 413, 415, 422})
"""Statuses that the page of the form explains."""


def me() -> Actor:
    """Whoever sends the request."""
    return cast("Actor", current_actor())


@imports.get("")
@permit(GET=READERS)
def index() -> ResponseReturnValue:
    """What my unit handed in, the newest first; the office sees all."""
    before = request.args.get("before", type=as_key)
    found = queries.listed(me(), before, queries.PAGE + 1)
    shown = found[: queries.PAGE]
    more = shown[-1].row.id if len(found) > len(shown) else None
    told = {"items": shown, "next": more, "may_give": GIVERS.allows(me())}
    return render_template("exchange/index.html", showing=showing, **told)


@imports.get("/new")
@permit(GET=GIVERS)
def new() -> ResponseReturnValue:
    """The form to hand a file in."""
    return _form_page(HandInForm(formdata=None))


@imports.post("/new")
@permit(POST=GIVERS)
@accepts_upload(keeping.LARGEST + ROOM_FOR_FIELDS, keeping.SPLIT)
def create() -> ResponseReturnValue:
    """Take the file; what is not taken is explained at the field."""
    form = HandInForm()
    try:
        found = commands.hand_in(me(), *form.upload, dry_run=form.dry_run.data)
    except RedressError as error:
        if error.status not in EXPLAINED:
            raise
        form.refuse({"file": error.detail})
        return _form_page(form), error.status
    return redirect(url_for("imports.show", import_id=found))


def _form_page(form: HandInForm) -> str:
    return render_template("exchange/new.html", form=form, largest=keeping.LARGEST >> 20)


@imports.get("/template.<kind>")
@permit(GET=GIVERS)
def template(kind: str) -> ResponseReturnValue:
    """An empty table with an example line of the person's own unit."""
    if kind not in TEMPLATES:
        raise NotFound
    make, media_type = TEMPLATES[kind]
    unit = units_by_id([me().unit_id or 0])[me().unit_id or 0]
    return download(make(unit.name, unit.code), media_type, f"行政处罚信息报送模板.{kind}")


@imports.get("/<int:import_id>")
@permit(GET=READERS)
def show(import_id: int) -> ResponseReturnValue:
    """How far an import is and what became of its lines; a stranger gets 404."""
    told = queries.told(me(), import_id)
    after = request.args.get("after", 0, type=as_key)
    return render_template(
        "exchange/import.html",
        told=told,
        row=told.row,
        lines=queries.notable_lines(me(), told.row, after),
        written=written(me(), told.row) if told.row.ended_at else [],
        earlier=queries.earlier(told.row),
        showing=showing,
        may_take=told.row.unit_id == me().unit_id and GIVERS.allows(me()),
    )


@imports.get("/<int:import_id>/report.csv")
@permit(GET=READERS)
def report(import_id: int) -> ResponseReturnValue:
    """What became of every line, once the import has ended."""
    row = queries.ended_for(me(), import_id)
    return download(report_csv(queries.report(row)), CSV, f"报送报告-{row.id}.csv")


@imports.post("/<int:import_id>/take")
@permit(POST=GIVERS)
def take(import_id: int) -> ResponseReturnValue:
    """After a trial: write the records of the same file."""
    found = commands.take_in_earnest(me(), import_id)
    return redirect(url_for("imports.show", import_id=found))
