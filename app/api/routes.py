"""The addresses of the API: what comes in → command or query → what goes out."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, url_for
from flask_smorest import Blueprint

from app.api import (
    attachments,
    cases,
    filing,
    imports,
    messages,
    notices,
    reading,
    records,
    shapes,
)
from app.api.documenting import (
    CURSOR,
    HANDED_IN,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    INBOX,
    OPEN,
    UPLOAD,
    any_of,
    body,
    file_of,
    parameter,
)
from app.api.inputs import FILED, bodies_of_steps
from app.cases import files
from app.cases.files import MEDIA_TYPES
from app.exchange import keeping
from app.exchange.reports import CSV
from app.exchange.routes import GIVERS, READERS
from app.people.queries import subjects_by_id
from app.web.permissions import SIGNED_IN, accepts_upload, permit, roles
from workflows.grammar import Role

NUMBERED: Final = "<int(max=2147483647):key>"
STAFF: Final = roles(
    Role.PROVIDER_HANDLER,
    Role.PROVIDER_APPROVER,
    Role.EXECUTOR_HANDLER,
    Role.EXECUTOR_APPROVER,
    Role.OFFICE_CLERK,
    Role.OFFICE_APPROVER,
    Role.OFFICE_SUPERVISOR,
)
"""Whoever works on cases in a unit: no administrator, no subject."""

Answer = Any
api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/me", tags=["people"])
@permit(GET=SIGNED_IN)
@api.response(200, shapes.Me)
def me() -> Answer:
    """Whose token it is."""
    actor = reading.asking()
    unit = {"id": actor.unit_id, "name": actor.unit_name}
    return {
        "person": {"id": actor.person_id, "name": actor.name},
        "unit": unit if actor.unit_id is not None else None,
        "roles": sorted(role.value for role in actor.roles),
        "subjects": list(subjects_by_id(actor.subjects).values()),
    }


@api.get("/records", tags=["records"])
@permit(GET=SIGNED_IN)
@api.doc(
    parameters=[
        parameter("subject", "the code of a subject"),
        parameter("decision_no", "the number of a decision, exactly"),
        CURSOR,
    ]
)
@api.response(200, shapes.page_of(shapes.Record))
def list_records() -> Answer:
    """The records that I may see, the latest decision first; numbers of persons masked."""
    given = reading.arguments("subject", "decision_no", "cursor")
    found = (given.get(name) for name in ("subject", "decision_no", "cursor"))
    return records.page(reading.asking(), *found)


@api.get(f"/records/{NUMBERED}", tags=["records"])
@permit(GET=SIGNED_IN)
@api.response(200, shapes.Record)
def show_record(key: int) -> Answer:
    """A record: its fields, versions, switches and sanctions."""
    return records.one(reading.asking(), key)


@api.get("/cases", tags=["cases"])
@permit(GET=SIGNED_IN)
@api.doc(
    parameters=[parameter("kind", "a kind of case"), parameter("state", "a state"), INBOX, CURSOR]
)
@api.response(200, shapes.page_of(shapes.CaseBrief))
def list_cases() -> Answer:
    """The cases that I may see, the newest first; of the inbox, the most pressing first."""
    given = reading.arguments("kind", "state", "inbox", "cursor")
    page = cases.inbox if reading.flag(given, "inbox") else cases.page
    kind, state = given.get("kind", ""), given.get("state", "")
    return page(reading.asking(), kind, state, given.get("cursor"))


@api.post("/cases", tags=["cases"])
@permit(POST=SIGNED_IN)
@api.doc(
    parameters=[IDEMPOTENCY_KEY],
    requestBody=body(any_of([f"filing.{kind}" for kind in FILED])),
)
@api.response(201, shapes.Case)
def file_case() -> Answer:
    """Open a case; its number is in `Location` and in the answer."""
    actor = reading.asking()
    number = filing.file(actor, reading.json_body())
    where = url_for("api.show_case", number=number)
    return cases.one(actor, number), {"Location": where}


@api.get("/cases/<number>", tags=["cases"])
@permit(GET=SIGNED_IN)
@api.response(200, shapes.Case)
def show_case(number: str) -> Answer:
    """A case, whole, as far as I may see it."""
    shown = cases.one(reading.asking(), number)
    return shown, {"ETag": f'"{shown["version"]}"'}


@api.get("/cases/<number>/steps", tags=["cases"])
@permit(GET=SIGNED_IN)
@api.response(200, shapes.list_of(shapes.Offered))
def list_steps(number: str) -> Answer:
    """Every step from the present state: whose it is, and what stands in its way."""
    return cases.steps(reading.asking(), number)


@api.post("/cases/<number>/steps/<step>", tags=["cases"])
@permit(POST=SIGNED_IN)
@api.doc(
    parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    requestBody=body(any_of(bodies_of_steps())),
)
@api.response(200, shapes.Case)
def take_step(number: str, step: str) -> Answer:
    """Take a step; the body is its input, and must be `{}` where it takes none."""
    actor = reading.asking()
    filing.take(actor, number, step, reading.json_body())
    shown = cases.one(actor, number)
    return shown, {"ETag": f'"{shown["version"]}"'}


@api.post("/cases/<number>/attachments", tags=["cases"])
@permit(POST=SIGNED_IN)
@accepts_upload(files.LARGEST + 1024 * 1024)
@api.doc(requestBody=body(UPLOAD, "multipart/form-data"))
@api.response(201, shapes.Attachment)
def add_attachment(number: str) -> Answer:
    """Add a file to a case in whose present state I may take a step."""
    file, said = reading.upload("title", optional=("proves",))
    added = attachments.add(reading.asking(), number, file, said["title"], said.get("proves", ""))
    return added, {"Location": url_for("api.open_attachment", key=added["id"])}


@api.get(f"/attachments/{NUMBERED}", tags=["cases"])
@permit(GET=SIGNED_IN)
@api.doc(responses={"200": file_of(*sorted(set(MEDIA_TYPES.values())))})
def open_attachment(key: int) -> Response:
    """The content of a file, as it was handed in."""
    return attachments.content(reading.asking(), key)


@api.get(f"/notices/{NUMBERED}", tags=["notices"])
@permit(GET=SIGNED_IN)
@api.response(200, shapes.Notice)
def show_notice(key: int) -> Answer:
    """What is known of a notice; its text is in its PDF."""
    return notices.one(reading.asking(), key)


@api.get(f"/notices/{NUMBERED}.pdf", tags=["notices"])
@permit(GET=SIGNED_IN)
@api.doc(responses={"200": file_of("application/pdf")})
def open_notice(key: int) -> Response:
    """The notice as it was issued; drawn now where that has not happened yet."""
    return notices.pdf(reading.asking(), key)


@api.get("/messages", tags=["messages"])
@permit(GET=STAFF)
@api.doc(parameters=[OPEN, CURSOR])
@api.response(200, shapes.page_of(shapes.Message))
def list_messages() -> Answer:
    """What was sent to my unit as a recipient of records, the oldest first."""
    given = reading.arguments("open", "cursor")
    only_open = reading.flag(given, "open")
    return messages.page(reading.asking(), given.get("cursor"), only_open=only_open)


@api.post(f"/messages/{NUMBERED}/receipt", tags=["messages"])
@permit(POST=STAFF)
@api.response(200, shapes.Message)
def receipt_message(key: int) -> Answer:
    """Confirm a message; a second time changes nothing."""
    reading.no_body()
    return messages.receipt(reading.asking(), key)


@api.post("/imports", tags=["imports"])
@permit(POST=GIVERS)
@accepts_upload(keeping.LARGEST + 1024 * 1024, keeping.SPLIT)
@api.doc(requestBody=body(HANDED_IN, "multipart/form-data"))
@api.response(201, shapes.Import)
def hand_in() -> Answer:
    """Hand in a file of records for my unit; it is worked afterwards, see its state."""
    file, said = reading.upload(optional=("dry_run",))
    added = imports.add(reading.asking(), file, dry_run=reading.flag(said, "dry_run"))
    return added, {"Location": url_for("api.show_import", key=added["id"])}


@api.get(f"/imports/{NUMBERED}", tags=["imports"])
@permit(GET=READERS)
@api.response(200, shapes.Import)
def show_import(key: int) -> Answer:
    """How far an import is, and how many of its lines had which fate."""
    return imports.one(reading.asking(), key)


@api.get(f"/imports/{NUMBERED}/report.csv", tags=["imports"])
@permit(GET=READERS)
@api.doc(responses={"200": file_of(CSV)})
def open_report(key: int) -> Response:
    """What became of every line and why, once the import has ended."""
    return imports.report(reading.asking(), key)
