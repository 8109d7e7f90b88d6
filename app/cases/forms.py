"""The form of a step, derived from what the step takes, and what was typed as `parse` wants it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from werkzeug.datastructures import FileStorage
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the stubs
    BooleanField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)

from app.cases.choices import ITEM, Choices
from app.cases.inputs import FieldSpec, fields_of
from app.errors import Invalid
from app.web.forms import Form
from workflows.grammar import Shape

WANTED_LATER: Final = frozenset({"field", "ground", "claim", "reasons"})
"""Fields that may be left empty in a draft, but not when it is handed in."""

BLANK: Final = SelectChoice("", "请选择")
DOCUMENT_HINT: Final = "写明文书名称和文号；文书已上传为附件的，写附件编号即可"
FILES: Final = "files"
"""The id of the list of files from which a document may be chosen, where the page has one."""


class Expected:
    """Marks a field that must not stay empty; what comes in is checked by `inputs.parse` alone."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing: browser and API share one check."""


class Blocks(FieldList):  # type: ignore[type-arg]  # it is generic to type checkers only
    """Rows, each a block of fields; numbered in digits, whatever somebody sends."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, Any]) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").partition("-")[0]
            if name.startswith(f"{prefix}-") and number.isascii() and number.isdecimal():
                yield int(number[:4])


class Fields(Form):
    """Fields derived from an input dataclass; `specs` are what they were derived from."""

    specs: ClassVar[tuple[FieldSpec, ...]] = ()

    def typed(self) -> dict[str, Any]:
        """What was typed, in the shape that `inputs.parse` takes; what is empty is left out."""
        values = {spec.name: _typed(spec, self[spec.name]) for spec in self.present}
        return {name: value for name, value in values.items() if value not in (None, "", [])}

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Show faults (`Invalid.faults`, by paths like "items.0.claim") at their fields."""
        for path, message in faults.items():
            at = _at(self, path.split("."))
            if at is None:
                self.form_errors.append(message)
            else:
                at.errors = [*at.errors, _plainly(at, message)]

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """All that is wrong, in the order of the fields: id and label of the field, message."""
        whole = [("", "", str(message)) for message in self.form_errors]
        return whole + [
            (field.id, label, str(message))
            for label, field in _leaves(self)
            for message in field.errors
        ]

    @property
    def shown(self) -> list[Field]:
        """The fields that people fill in, in order."""
        return [self[spec.name] for spec in self.present if not _is_hidden(self[spec.name])]

    @property
    def present(self) -> list[FieldSpec]:
        """What the form asks; a field that is not for this person was taken out of it."""
        return [spec for spec in self.specs if spec.name in self]


class Row(Fields):
    """The fields of one row; the form around it carries the token."""

    class Meta(Form.Meta):
        """Without a token of its own."""

        csrf = False


class StepForm(Fields):
    """What a step takes, with what makes it safe to send twice or too late.

    `version`: of the case when the page was opened; `once`: the key of this one sending.
    """

    version = HiddenField()
    once = HiddenField()


class OpeningForm(StepForm):
    """What opens a correction, and whether the act itself is gone."""

    annulled = BooleanField(
        "原决定已被撤销、变更或者确认违法",
        description="勾选后按撤销程序办理：限期撤回公示并公开说明理由（行政处罚法第四十八条）",
    )


class UploadForm(Form):
    """A file, what it is called, and what it proves."""

    file = FileField("文件", validators=[Expected()], description="PDF、JPG或者PNG，不超过20MB")
    title = StringField("附件名称", validators=[Expected()], description="例如：行政复议决定书")
    proves = SelectField("用于证明", validate_choice=False)

    @property
    def upload(self) -> FileStorage:
        """The file; raises Invalid where none was chosen."""
        chosen: FileStorage | None = self.file.data or None
        if chosen is None or not chosen.filename:
            raise Invalid({"file": "请选择要上传的文件。"})
        return chosen

    @property
    def words(self) -> tuple[str, str]:
        """What it is called, and what it proves."""
        return self.title.data or "", self.proves.data or ""


def step_form(
    takes: type,
    choices: Choices,
    rows: Mapping[str, int] | None = None,
    base: type[StepForm] = StepForm,
    hidden: Collection[str] = (),
) -> type[Any]:
    """The class of the form for an input dataclass; `rows`: how many blocks of rows to show.

    `hidden`: fields that the case fills in, as it does the item that a row is about.
    """
    return _form_class(base, fields_of(takes), choices, rows or {}, {ITEM, *hidden})


def offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Value and title of each choice as a field takes them."""
    return [SelectChoice(value, title) for value, title in pairs]


def new_key() -> str:
    """A key under which one sending is taken once."""
    return secrets.token_urlsafe(18)


def _form_class(
    base: type[Fields],
    specs: Sequence[FieldSpec],
    choices: Choices,
    rows: Mapping[str, int],
    hidden: Collection[str],
) -> type[Fields]:
    fields = {spec.name: _field(spec, choices, rows.get(spec.name, 0), hidden) for spec in specs}
    return type(base.__name__, (base,), {"specs": tuple(specs), **fields})


def _field(spec: FieldSpec, choices: Choices, rows: int, hidden: Collection[str]) -> Any:
    said: dict[str, Any] = {"label": spec.entry.title, "description": spec.entry.hint}
    said["validators"] = [Expected()] if spec.required or spec.name in WANTED_LATER else []
    if spec.name in hidden:
        return HiddenField(**said)
    if spec.type == "rows":
        row = _form_class(Row, spec.rows, choices, {}, hidden)
        return Blocks(FormField(row, spec.entry.title), spec.entry.title, min_entries=rows)
    if spec.type == "boolean":
        return BooleanField(**said)
    allowed = choices.of(spec)
    if allowed is not None:
        return _choice(spec, allowed, said)
    return _text(spec, said)


def _choice(spec: FieldSpec, allowed: list[tuple[str, str]], said: dict[str, Any]) -> Any:
    if spec.type == "list":
        return SelectMultipleField(
            choices=offered(allowed),
            coerce=str,
            validate_choice=False,
            widget=widgets.ListWidget(prefix_label=False),
            option_widget=widgets.CheckboxInput(),
            **said,
        )
    choices = [BLANK, *offered(allowed)]
    return SelectField(choices=choices, coerce=str, validate_choice=False, **said)


def _text(spec: FieldSpec, said: dict[str, Any]) -> Any:
    if spec.type == "date":
        return StringField(render_kw={"type": "date"}, **said)
    if spec.type == "integer":
        return StringField(render_kw={"inputmode": "numeric"}, **said)
    if spec.entry.shape is Shape.DOCUMENT:
        said["description"] = spec.entry.hint or DOCUMENT_HINT
        return StringField(render_kw={"list": FILES}, **said)
    if spec.type == "list" or spec.entry.shape is Shape.LINES:
        return TextAreaField(render_kw={"rows": 4}, **said)
    if spec.entry.shape is Shape.TEXT:
        return TextAreaField(render_kw={"rows": 8 if spec.entry.maximum > 10000 else 4}, **said)
    return StringField(**said)


def _typed(spec: FieldSpec, field: Any) -> Any:
    match spec.type:
        case "rows":
            return [entry.form.typed() for entry in _filled(field)]
        case "list" if spec.element == "integer":
            return [_whole(text) for text in field.data or []]
        case "list":
            lines = field.data if isinstance(field.data, list) else (field.data or "").splitlines()
            return [line.strip() for line in lines if line.strip()]
        case "integer":
            return _whole(field.data or "")
        case "text":
            # Blanks alone were typed, too: whoever checks the input says what is wrong with them.
            return field.data or next(iter(field.raw_data or ()), "")
        case _:
            return field.data


def _is_hidden(field: Field) -> bool:
    return isinstance(field, HiddenField)


def _whole(text: str) -> int | str:
    """A number where it is one; what is none is left for `parse` to name."""
    text = str(text).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else text


def _filled(rows: Any) -> list[Any]:
    """The blocks in which something was entered besides the item they are about."""
    return [entry for entry in rows.entries if entry.form.typed().keys() - {ITEM}]


def _at(form: Fields, path: Sequence[str]) -> Any:
    """The field that a path leads to; None where it leads to none that people fill in."""
    field: Any = form[path[0]] if path[0] in {spec.name for spec in form.present} else None
    if not isinstance(field, FieldList):
        return None if field is None or _is_hidden(field) else field
    rows = _filled(field)
    if len(path) < 3 or int(path[1]) >= len(rows):
        return field
    return _at(rows[int(path[1])].form, path[2:])


def _plainly(field: Any, message: str) -> str:
    """Where one chooses from a list, no code or number needs to be explained."""
    if isinstance(field, SelectField) and message.startswith("“"):
        return f"请从列表中选择“{field.label.text}”。"
    return message


def _leaves(form: Fields, within: str = "") -> Iterator[tuple[str, Any]]:
    """Every field that may have an error of its own, with a label that says where it stands."""
    for field in form.shown:
        yield f"{within}{field.label.text}", field
        if isinstance(field, FieldList):
            for place, entry in enumerate(field.entries, start=1):
                yield from _leaves(entry.form, f"第{place}项 · ")
