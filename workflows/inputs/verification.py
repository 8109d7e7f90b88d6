"""What the steps of a verification take."""

from dataclasses import dataclass

from workflows.grammar import From, Shape, _, entry


@dataclass(frozen=True)
class AskForTime:
    """Why the provider needs longer."""

    reason: str = entry(_("延期理由"), shape=Shape.TEXT)


@dataclass(frozen=True)
class FindingInput:
    """What the provider found about one item; ``unit``: whose it is, when it is not ours."""

    item_id: int = entry(_("异议事项"), choices=From.ITEMS)
    finding: str = entry(_("核实结论"), choices="verification.findings")
    value: str | None = entry(
        _("正确内容"), shape=Shape.TEXT, hint=_("结论为“记录有误，应当更正”时填写"), default=None
    )
    unit: str | None = entry(
        _("应属单位"),
        shape=Shape.UNIT,
        choices=From.PROVIDERS,
        hint=_("结论为“非本单位信息”且知道归属时填写"),
        default=None,
    )
    reasons: str = entry(
        _("理由、证据或者查阅处"),
        shape=Shape.TEXT,
        maximum=8000,
        hint=_("写明依据的材料及存放、查阅的地方，不能只写“无误”"),
        default="",
    )
    evidence: tuple[int, ...] = entry(_("证据附件"), choices=From.ATTACHMENTS, default=())


@dataclass(frozen=True)
class Findings:
    """A finding per item, and the officer who answers for them."""

    findings: tuple[FindingInput, ...] = entry(_("逐项核实结论"))
    officer: str = entry(_("核实人员姓名"), maximum=100)
