"""Which notices of a case are not in force any more once a step is taken, and which are again."""

from __future__ import annotations

from typing import Any

from app.cases.models import Case
from app.notices import commands as notices
from workflows import definition_of
from workflows.grammar import Step


def take_out_of_force(case: Case, step: Step, given: Any) -> None:
    """What the step annuls or what its notices end is revoked; what that had ended is valid again.

    Inside the transaction of the step, before it issues notices of its own.
    """
    workflow = definition_of(case)
    annulled = [one for name in step.annuls for one in workflow.step(name).notices]
    gone = {one.name for one in annulled}
    gone |= {name for one in step.notices for name in one.ends}
    back = {name for one in annulled for name in one.ends}
    if back:
        notices.restore(case.number, back)
    if gone:
        document = getattr(given, "document", "")
        notices.revoke(case.number, gone, f"{step.title}：{document}" if document else step.title)
