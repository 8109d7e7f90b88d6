"""The pages of service: a notice, attempts to serve it, consents, and the ends of notices."""

from __future__ import annotations

from typing import Final, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.commands import Action, record as note
from app.cases import files
from app.cases.files import LARGEST
from app.cases.queries import notice_for
from app.cases.service import commands, ending, pages, receipts
from app.cases.service.forms import (
    ConsentForm,
    ReplacementForm,
    ServiceForm,
    VoidForm,
    service_form,
)
from app.db import transaction
from app.delivery import serving
from app.errors import NotFound, RedressError, StepRefused
from app.people.actor import Actor
from app.web.addresses import key as as_key
from app.web.downloads import download
from app.web.forms import Form
from app.web.permissions import SIGNED_IN, accepts_upload, current_actor, permit, roles
from workflows.grammar import Role

service = Blueprint("service", __name__)

ROOM_FOR_FIELDS: Final = 64 * 1024
EXPLAINED: Final = frozenset({409, 413, 415, 422})
SERVERS: Final = roles(Role.OFFICE_CLERK, Role.PROVIDER_HANDLER, Role.EXECUTOR_HANDLER)
ENDERS: Final = roles(Role.OFFICE_APPROVER, Role.PROVIDER_APPROVER, Role.EXECUTOR_APPROVER)
CONSENTING: Final = roles(Role.SUBJECT)
CLERK: Final = roles(Role.OFFICE_CLERK)


def me() -> Actor:
    """Whoever sends the request."""
    return cast("Actor", current_actor())


@service.get("/notices/<int:key>")
@permit(GET=SIGNED_IN)
def show(key: int) -> ResponseReturnValue:
    """A notice, how it was served, and what may be done about it; a stranger gets 404."""
    return render_template("cases/service/notice.html", **pages.notice_page(me(), key))


@service.get("/notices/<int:key>/service/<channel>")
@permit(GET=SERVERS)
def begin(key: int, channel: str) -> ResponseReturnValue:
    """The form with which one sets out to serve a notice."""
    chosen = serving.channel_named(channel)
    told = pages.channel_page(me(), key, chosen)
    return _form_page(service_form(chosen.takes, sent=False), told)


@service.post("/notices/<int:key>/service/<channel>")
@permit(POST=SERVERS)
@accepts_upload(LARGEST + ROOM_FOR_FIELDS)
def set_out(key: int, channel: str) -> ResponseReturnValue:
    """Set out; what is refused is explained, with all that was typed."""
    chosen = serving.channel_named(channel)
    form = service_form(chosen.takes, sent=True)
    try:
        given = pages.given(form, chosen.takes)
        commands.set_out(me(), key, channel, given, form.upload)
    except RedressError as error:
        return _refused(form, pages.channel_page(me(), key, chosen), error)
    flash(f"已登记{chosen.title}。")
    return redirect(url_for("service.show", key=key))


@service.get("/service/<int:key>/<state>")
@permit(GET=SERVERS)
def end(key: int, state: str) -> ResponseReturnValue:
    """The form with which one says what became of an attempt."""
    told, takes, _ = pages.attempt_page(me(), key, state)
    return _form_page(service_form(takes, sent=False), told)


@service.post("/service/<int:key>/<state>")
@permit(POST=SERVERS)
@accepts_upload(LARGEST + ROOM_FOR_FIELDS)
def conclude(key: int, state: str) -> ResponseReturnValue:
    """Say what became of it; what is refused is explained, with all that was typed."""
    told, takes, wanted = pages.attempt_page(me(), key, state)
    form, notice = service_form(takes, sent=True), told["notice"].id
    try:
        commands.conclude(me(), key, wanted, pages.given(form, takes), form.upload)
    except RedressError as error:
        return _refused(form, pages.attempt_page(me(), key, state)[0], error)
    flash("已登记送达的结果。")
    return redirect(url_for("service.show", key=notice))


def _refused(form: ServiceForm, told: pages.Told, error: RedressError) -> ResponseReturnValue:
    if error.status not in EXPLAINED:
        raise error
    _explain(form, error)
    return _form_page(form, told, error), error.status


def _explain(form: Form, error: RedressError) -> None:
    faults = getattr(error, "faults", None)
    if faults is None and error.status in {413, 415}:
        faults = {"proof": error.detail}
    form.refuse(faults or ({} if isinstance(error, StepRefused) else {"": error.detail}))


def _form_page(form: ServiceForm, told: pages.Told, error: RedressError | None = None) -> str:
    refused = error.reasons if isinstance(error, StepRefused) else ()
    form.proof.flags.required = told["wants_proof"]
    return render_template("cases/service/form.html", form=form, refused=refused, **told)


@service.get("/service/<int:key>/proof")
@permit(GET=SIGNED_IN)
def proof(key: int) -> ResponseReturnValue:
    """The file that proves what became of an attempt; that somebody read it is recorded."""
    row, _ = receipts.attempt_for(me(), key)
    if row.proof_sha256 is None:
        raise NotFound
    data, media_type, name = files.read(row.proof_sha256), row.proof_type, row.proof_name
    with transaction():
        note(Action.SERVICE_PROOF_READ, me(), f"attempt:{key}")
    return download(data, media_type or "", name or "")


@service.get("/service/<int:key>.pdf")
@permit(GET=SIGNED_IN)
def receipt(key: int) -> ResponseReturnValue:
    """The receipt of service (送达回证) of an attempt, to be signed, or as it was signed."""
    data, name = receipts.drawn(me(), key)
    return download(data, "application/pdf", name)


# --- consent


@service.get("/consent")
@permit(GET=CONSENTING)
def consents() -> ResponseReturnValue:
    """Whether the subjects of the reader have agreed to be served here."""
    return render_template("cases/service/consent.html", **pages.consents_page(me()))


@service.post("/subjects/<int:key>/consent")
@permit(POST=CONSENTING)
def consent(key: int) -> ResponseReturnValue:
    """The subject agrees."""
    commands.agree(me(), key, "信用主体在本系统在线确认")
    flash("已同意以电子方式送达。")
    return redirect(url_for("service.consents"))


@service.post("/consents/<int:key>/withdrawal")
@permit(POST=SIGNED_IN)
def withdraw(key: int) -> ResponseReturnValue:
    """The consent ends; what was served stays served."""
    commands.withdraw(me(), key)
    flash("已撤回同意，今后的文书以其他方式送达。此前已经送达的不受影响。")
    at = request.args.get("at", type=as_key)
    return redirect(url_for("service.show", key=at) if at else url_for("service.consents"))


@service.post("/notices/<int:key>/consent")
@permit(POST=CLERK)
def consent_at_the_counter(key: int) -> ResponseReturnValue:
    """A clerk records what the addressee has signed."""
    subject = pages.addressed_subject(me(), key)
    commands.agree(me(), subject, ConsentForm().document.data or "")
    flash("已登记受送达人同意以电子方式送达。")
    return redirect(url_for("service.show", key=key))


# --- the end of a notice


@service.get("/notices/<int:key>/void")
@permit(GET=ENDERS)
def void_form(key: int) -> ResponseReturnValue:
    """The form that asks why the number is void."""
    return _end_page(key, VoidForm(formdata=None), "作废文号")


@service.post("/notices/<int:key>/void")
@permit(POST=ENDERS)
def void(key: int) -> ResponseReturnValue:
    """The number says nothing from now on, and stands in the register with the reason."""
    form = VoidForm()
    try:
        ending.void(me(), key, form.reason.data or "")
    except RedressError as error:
        return _end_refused(key, form, "作废文号", error)
    flash("文号已经作废，不再使用。")
    return redirect(url_for("service.show", key=key))


@service.get("/notices/<int:key>/replacement")
@permit(GET=ENDERS)
def replacement_form(key: int) -> ResponseReturnValue:
    """The form that asks what is wrong, and what is right."""
    return _end_page(key, ReplacementForm(formdata=None), ending.REPLACEMENT)


@service.post("/notices/<int:key>/replacement")
@permit(POST=ENDERS)
def replace(key: int) -> ResponseReturnValue:
    """A new notice says what is right, and names the old one."""
    form = ReplacementForm()
    said = (form.before.data or "", form.after.data or "", form.reason.data or "")
    try:
        new = ending.replace(me(), key, *said)
    except RedressError as error:
        return _end_refused(key, form, ending.REPLACEMENT, error)
    flash("已出具更正通知书，请送达。")
    return redirect(url_for("service.show", key=new))


def _end_page(key: int, form: Form, title: str) -> str:
    told = {"notice": notice_for(me(), key), "title": title}
    return render_template("cases/service/end.html", form=form, **told)


def _end_refused(key: int, form: Form, title: str, error: RedressError) -> ResponseReturnValue:
    if error.status not in EXPLAINED:
        raise error
    _explain(form, error)
    return _end_page(key, form, title), error.status
