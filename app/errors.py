"""What commands raise; `app.web` turns each into a page or a problem document, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a step is refused: a stable code, a sentence for people, its legal basis.

    `holds_from`: the first day on which it will stand in the way no more, where time alone helps.
    """

    code: str
    text: str
    basis: str
    holds_from: date | None = None


class RedressError(Exception):
    """What a person can be told; anything else that is raised is a bug."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "出错了"

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail or self.title)


class StepRefused(RedressError):  # noqa: N818 -- reads as what happened
    """Conditions of a step are not met; all of them are named."""

    status = 409
    title = "这一步现在不能办理"

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("；".join(reason.text for reason in self.reasons))


class Conflict(RedressError):  # noqa: N818 -- reads as what happened
    """Somebody else was faster, or the same key came with another content."""

    status = 409
    title = "内容已被他人更改，请刷新后重试"


class NotAllowed(RedressError):  # noqa: N818 -- reads as what happened
    """The actor may see this, but not do that."""

    status = 403
    title = "没有权限"


class NotFound(RedressError):  # noqa: N818 -- reads as what happened
    """It does not exist, or is none of the actor's business."""

    status = 404
    title = "没有找到"


class Invalid(RedressError):  # noqa: N818 -- reads as what happened
    """The input has faults: a message for each field; `""` stands for the input as a whole."""

    status = 422
    title = "填写的内容有误"

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("；".join(self.faults.values()))


class Busy(RedressError):  # noqa: N818 -- reads as what happened
    """The database could not do it now; nothing changed, and trying again may help."""

    status = 503
    title = "系统繁忙，请稍后重试"
