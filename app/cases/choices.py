"""What may be chosen in the fields of a step: from the rules, or from the case; the one place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypeAlias

import sqlalchemy as sa

from app.cases.facts import CaseFacts
from app.cases.inputs import WHOLE_RECORD, FieldSpec, choices_of
from app.db import db
from app.people.models import Unit
from app.records.fields import FIELDS
from app.records.models import Record
from workflows.grammar import From
from workflows.rules import Rules

Pairs: TypeAlias = list[tuple[str, str]]

RECORD: Final = "record_id"
"""The field of an input that names a record."""

ITEM: Final = "item_id"
"""The field of a row that says which item of the case the row is about; people do not fill it."""


class Choices:
    """The choices of one form: under the rules that apply, of the case where there is one.

    `records`: those that may be named in it; `fixed`: the choices of fields that depend on who
    fills it in.
    """

    def __init__(
        self,
        rules: Rules,
        facts: CaseFacts | None = None,
        records: Sequence[Record] = (),
        fixed: Mapping[str, Pairs] | None = None,
    ) -> None:
        self.rules = rules
        self.facts = facts
        self.records = records
        self.fixed = fixed or {}

    def of(self, spec: FieldSpec) -> Pairs | None:
        """Value and title of each choice; None where anything may be entered."""
        if spec.name in self.fixed:
            return self.fixed[spec.name]
        if spec.name == RECORD:
            return [(str(record.id), record.decision_no) for record in self.records]
        asked: Mapping[object, Callable[[], Pairs]] = {
            From.ITEMS: self._items,
            From.PROVIDERS: self._all_providers,
            From.ATTACHMENTS: self._attachments,
            From.MESSAGES: self._messages,
        }
        ask = asked.get(spec.entry.choices)
        return ask() if ask else choices_of(spec.entry, self.rules)

    def _items(self) -> Pairs:
        if self.facts is None:
            return []
        labels = {record.id: record.label for record in self.facts.records()}
        return [
            (str(one.id), f"事项{one.position}：{field_title(one.field)}（{labels[one.record]}）")
            for one in self.facts.items()
        ]

    def _attachments(self) -> Pairs:
        files = self.facts.attachments() if self.facts else ()
        return [(str(one.id), f"附件{one.id}：{one.title}") for one in files]

    def _messages(self) -> Pairs:
        sent = self.facts.messages() if self.facts else ()
        return [(str(one.id), one.recipient) for one in sent if not one.settled]

    def _all_providers(self) -> Pairs:
        chosen = sa.select(Unit.name).where(Unit.provides).order_by(Unit.id)
        return [(name, name) for name in db.session.scalars(chosen)]


def field_title(field: str) -> str:
    """The title of a field of a record, or of the record as a whole."""
    return dict([WHOLE_RECORD]).get(field) or FIELDS.get(field, field)


def records_with(keys: Collection[int], visible: sa.Select[Record]) -> Sequence[Record]:
    """Those of the visible records that have these keys, by key."""
    chosen = visible.where(Record.id.in_(keys)).order_by(Record.id)
    return db.session.scalars(chosen).all()
