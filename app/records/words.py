"""What the enums of records are called in Chinese."""

from __future__ import annotations

from typing import Final

from app.records.models import EndedBy, Origin, Severity, Switch

ENDINGS: Final = {
    EndedBy.REVOKE: "已撤销",
    EndedBy.DELETE: "已删除",
    EndedBy.REMOVE_FROM_LIST: "已移出名单",
    EndedBy.REPAIR: "已修复",
    EndedBy.END_DISCLOSURE: "已终止公示",
}
ENDED: Final = {ended: title.removeprefix("已") for ended, title in ENDINGS.items()}
"""What was done to a record that ended."""
SEVERITIES: Final = {
    Severity.MINOR: "轻微",
    Severity.ORDINARY: "一般",
    Severity.SERIOUS: "严重",
}
ORIGINS: Final = {
    Origin.IMPORT: "数据报送",
    Origin.CORRECTION: "更正",
    Origin.REINSTATEMENT: "恢复",
}
SWITCHES: Final = {
    Switch.ANNOTATION: ("异议标注", "已标注", "未标注"),
    Switch.DISCLOSURE: ("向社会公示", "公示中", "不公示"),
    Switch.SHARING: ("部门共享使用", "共享中", "已停止"),
    Switch.SANCTIONS: ("据以实施惩戒", "可据以惩戒", "已停止"),
}
"""Title, and what it is called when it is on and when it is off."""


def kinds(penalty_kind: str) -> str:
    """The kinds of penalty of a decision, which the exports part with semicolons."""
    return penalty_kind.replace("；", ";").strip(";").replace(";", "、")
