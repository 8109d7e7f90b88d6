"""What the API answers: every field that leaves the program is named here."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.records.fields import FIELDS


def a_text(*, null: bool = False) -> fields.String:
    """A text, where `null` is said also nothing."""
    return fields.String(required=True, allow_none=null)


def a_number(*, null: bool = False) -> fields.Integer:
    """A whole number."""
    return fields.Integer(required=True, allow_none=null)


def a_day(*, null: bool = False) -> fields.Date:
    """A day of Asia/Shanghai in ISO."""
    return fields.Date(required=True, allow_none=null)


def a_moment(*, null: bool = False) -> fields.DateTime:
    """A moment in ISO, with its offset."""
    return fields.DateTime(required=True, allow_none=null)


def a_truth() -> fields.Boolean:
    """True or false."""
    return fields.Boolean(required=True)


def many(shape: type[Schema]) -> fields.List[Any]:
    """A list of objects."""
    return fields.List(fields.Nested(shape), required=True)


def texts() -> fields.List[Any]:
    """A list of texts."""
    return fields.List(fields.String(), required=True)


class Named(Schema):
    """A thing by key and name."""

    id = a_number()
    name = a_text()


class Subject(Named):
    """Somebody whom records are about."""

    code = a_text()


class Me(Schema):
    """Whose token it is."""

    person = fields.Nested(Named, required=True)
    unit = fields.Nested(Named, required=True, allow_none=True)
    roles = texts()
    subjects = many(Subject)


class Switch(Schema):
    """How a switch of a record stands today."""

    on = a_truth()
    since = a_day(null=True)
    until = a_day(null=True)
    basis = a_text()
    cases = texts()


class Switches(Schema):
    """The four switches of a record."""

    annotation = fields.Nested(Switch, required=True)
    disclosure = fields.Nested(Switch, required=True)
    sharing = fields.Nested(Switch, required=True)
    sanctions = fields.Nested(Switch, required=True)


class Version(Schema):
    """What a record said from a moment on."""

    version = a_number()
    origin = a_text()
    case = a_text(null=True)
    basis = a_text()
    made_at = a_moment()
    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.String(allow_none=True),
        required=True,
    )


class Sanction(Schema):
    """A sanction that rests on a record; `kind` is mandatory or recommended."""

    id = a_number()
    measure = a_text()
    kind = a_text()
    department = a_text()
    in_force = a_truth()
    holds = texts()
    starts_on = a_day()
    ends_on = a_day(null=True)
    runs_until = a_day(null=True)
    lifted_on = a_day(null=True)


class RecordState(Schema):
    """What is known of a record beside its fields.

    `repairable_from`: the first day on which a repair may be applied for, null where class or
    regime is unknown; `repaired_on`: since when a repair of it stands, whatever else has ended it
    since. The last day of its disclosure is that of its switch.
    """

    id = a_number()
    version = a_number()
    severity = a_text(null=True)
    regime = a_text(null=True)
    repairable_from = a_day(null=True)
    ended_on = a_day(null=True)
    ended_by = a_text(null=True)
    repaired_on = a_day(null=True)
    switches = fields.Nested(Switches, required=True)
    sanctions = many(Sanction)
    versions = many(Version)


Record = RecordState.from_dict({name: a_text(null=True) for name in FIELDS}, name="Record")


class CaseBrief(Schema):
    """A case as a list shows it."""

    number = a_text()
    kind = a_text()
    state = a_text()
    version = a_number()
    title = a_text()
    state_title = a_text()
    unit = a_text()
    owner = a_text(null=True)
    filed_on = a_day()
    due_on = a_day(null=True)
    provisional = a_truth()
    overdue = a_truth()


class Attachment(Schema):
    """A file of a case."""

    id = a_number()
    title = a_text()
    sha256 = a_text()
    proves = a_text()
    filename = a_text()
    media_type = a_text()
    size = a_number()


class Item(Schema):
    """One contested point; `unit`: the provider asked last."""

    id = a_number()
    record_id = a_number()
    field = a_text()
    ground = a_text()
    claim = a_text()
    finding = a_text(null=True)
    value = a_text(null=True)
    outcome = a_text(null=True)
    reasons = a_text()
    unit = a_text()
    unreviewed = a_truth()


class Deadline(Schema):
    """A clock that runs; without `due_on` it stands still."""

    name = a_text()
    due_on = a_day(null=True)
    provisional = a_truth()
    overdue = a_truth()


class Service(Schema):
    """How a notice was served; `state` null: nobody has set out to."""

    state = a_text(null=True)
    channel = a_text(null=True)
    served_on = a_day(null=True)
    read_at = a_moment(null=True)
    attempts = a_number()


class NoticeBrief(Schema):
    """A notice as its case lists it."""

    id = a_number()
    type = a_text()
    number = a_text()
    sha256 = a_text(null=True)
    status = a_text()
    title = a_text()
    issued_on = a_day()
    served_on = a_day(null=True)
    service = fields.Nested(Service, required=True)
    replaces = a_number(null=True)


class Notice(NoticeBrief):
    """A notice; its text is in its PDF."""

    kind = a_text()
    case = a_text()
    issuer = a_text()


class Taken(Schema):
    """A step that was taken."""

    seq = a_number()
    step = a_text()
    from_ = fields.String(data_key="from", required=True, allow_none=True)
    to = a_text()
    actor = a_text()
    on = a_day()
    at = a_moment()


class Case(CaseBrief):
    """A case, whole; `details`: what only its kind has."""

    parent = a_text(null=True)
    children = texts()
    statement = a_text(null=True)
    attachments = many(Attachment)
    items = many(Item)
    deadlines = many(Deadline)
    notices = many(NoticeBrief)
    history = many(Taken)
    details = fields.Dict(required=True)


class Reason(Schema):
    """One thing that stands in the way, with its legal basis.

    `holds_from`: the first day on which it will not, where time alone helps.
    """

    code = a_text()
    text = a_text()
    basis = a_text()
    holds_from = a_day(null=True)


class Choice(Schema):
    """One of the values that a field may have."""

    value = a_text()
    title = a_text()


class FieldOfRow(Schema):
    """A field of a row of a step's input; `element` is the type of a list's elements."""

    name = a_text()
    type = a_text()
    required = a_truth()
    title = a_text()
    choices = fields.List(fields.Nested(Choice))
    element = fields.String()


class Field(FieldOfRow):
    """A field of a step's input; `fields` are those of one row."""

    fields_ = fields.List(fields.Nested(FieldOfRow), data_key="fields")


class Offered(Schema):
    """A step from the present state of a case."""

    name = a_text()
    title = a_text()
    by = texts()
    allowed = a_truth()
    reasons = many(Reason)
    fields_ = fields.List(fields.Nested(Field), data_key="fields", required=True)


class Message(Schema):
    """What a recipient of a record was sent."""

    id = a_number()
    record_id = a_number()
    version = a_number()
    case = a_text()
    subject = a_text()
    body = a_text()
    sent_at = a_moment(null=True)
    receipted_at = a_moment(null=True)
    cut_off_on = a_day(null=True)


class Fates(Schema):
    """How many lines of a file were added, changed a record, changed nothing, were rejected."""

    accept = a_number()
    update = a_number()
    skip = a_number()
    reject = a_number()


class Import(Schema):
    """A file of records that a unit handed in.

    `state`: waiting, reading, running, done, failed; `fault` says why it failed. `lines` is null
    until the file was read once.
    """

    id = a_number()
    filename = a_text()
    sha256 = a_text()
    dry_run = a_truth()
    state = a_text()
    lines = a_number(null=True)
    counts = fields.Nested(Fates, required=True)
    fault = a_text(null=True)
    reference = a_text(null=True)
    handed_in_at = a_moment()
    ended_at = a_moment(null=True)


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type = a_text()
    title = a_text()
    status = a_number()
    detail = a_text()
    reasons = fields.List(fields.Nested(Reason))
    errors = fields.Dict(keys=fields.String(), values=fields.String())
    reference = fields.String()


def page_of(shape: type[Schema]) -> type[Schema]:
    """A page of a list: `next` is the cursor of the one after it, null on the last."""
    name = f"{shape.__name__}Page"
    return Schema.from_dict({"items": many(shape), "next": a_text(null=True)}, name=name)


def list_of(shape: type[Schema]) -> type[Schema]:
    """A list that is never longer than one answer."""
    return Schema.from_dict({"items": many(shape)}, name=f"{shape.__name__}List")
