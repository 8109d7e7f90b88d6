"""What the steps of a correction take."""

from dataclasses import dataclass

from workflows.grammar import From, Shape, _, entry


@dataclass(frozen=True)
class Opening:
    """Which record is wrong, and what shows it; without an objection."""

    record_id: int = entry(_("失信记录"), hint=_("从记录页面选择"))
    basis: str = entry(_("发现的错误或者法律文书"), shape=Shape.TEXT)


@dataclass(frozen=True)
class FieldInput:
    """The new value of a field."""

    field: str = entry(_("信息项目"), choices=From.RECORD_FIELDS)
    value: str = entry(_("更正后的内容"), shape=Shape.TEXT, maximum=20000)


@dataclass(frozen=True)
class Change:
    """How the record is put right, and the document it rests on."""

    kind: str = entry(_("处理方式"), choices="correction.kinds")
    fields: tuple[FieldInput, ...] = entry(_("更正内容"), default=())
    basis: str = entry(_("依据文书"), shape=Shape.DOCUMENT, default="")


@dataclass(frozen=True)
class CarryOut:
    """Why the office acts in the provider's place."""

    reasons: str = entry(_("理由"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Restoration:
    """A statement of the same reach as the wrong publication."""

    statement: str = entry(_("澄清说明"), shape=Shape.TEXT, maximum=8000)
    places: tuple[str, ...] = entry(
        _("发布范围"), shape=Shape.LINES, hint=_("每行一处，与当初公布、转送的范围一致")
    )


@dataclass(frozen=True)
class PublicWithdrawal:
    """The document that annulled the act, and the reasons that are published."""

    document: str = entry(_("撤销、变更或者确认违法的法律文书"), shape=Shape.DOCUMENT)
    reasons: str = entry(_("公开说明的理由"), shape=Shape.TEXT)
