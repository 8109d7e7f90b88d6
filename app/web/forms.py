"""The form that all others come from: Chinese messages, and one summary of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField


def stripped(value: Any) -> Any:
    """Text without blanks at its ends and without NUL, which PostgreSQL cannot keep."""
    return value.replace("\0", "").strip() if isinstance(value, str) else value


class Form(FlaskForm):
    """A form of Redress. Texts lose the blanks around them; passwords are left as typed.

    `templates/_macros/parts.html` shows it: `error_summary(form)`, `field(form.name)`.
    """

    class Meta(FlaskForm.Meta):
        """Chinese messages; blanks around texts do not count."""

        locales = ("zh",)

        def bind_field(
            self, form: FlaskForm, unbound_field: Any, options: Mapping[str, Any]
        ) -> Field:
            """Give every line or paragraph of text the filter."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                given = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": (*given, stripped)}
            field: Field = unbound_field.bind(form=form, **options)
            return field

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Show the faults that a command found (`Invalid.faults`) at their fields.

        A fault without a field, or of a field that is not here, is one of the form as a whole.
        """
        for name, message in faults.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, message]
            else:
                self.form_errors.append(message)

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """All that is wrong, in the order of the fields: id and label of the field, message."""
        whole = [("", "", str(message)) for message in self.form_errors]
        return whole + [
            (field.id, str(field.label.text), str(message))
            for field in self
            for message in _flat(field.errors)
        ]


def _flat(errors: Any) -> list[Any]:
    """The messages of a field; those of a field that has fields of its own are nested."""
    if isinstance(errors, Mapping):
        return [message for inner in errors.values() for message in _flat(inner)]
    if isinstance(errors, list | tuple):
        return [message for inner in errors for message in _flat(inner)]
    return [errors]
