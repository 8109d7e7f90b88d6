"""How an application comes in, in every kind that a filer begins: draft, gaps, second thoughts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.common import due_for_system, the_request_was_served
from workflows.grammar import Role, Shape, Step, _, entry, guard
from workflows.sources import OWN_RULE

if TYPE_CHECKING:
    from workflows.grammar import Actors, Attempt, Effect, Notice, State

# --- input


@dataclass(frozen=True)
class Gaps:
    """Everything that is missing, told at once."""

    gaps: tuple[str, ...] = entry(
        _("需要补正的全部内容"), shape=Shape.LINES, hint=_("每行一项，一次告知全部内容")
    )


@dataclass(frozen=True)
class Supplement:
    """What the filer adds; files are attached beside it."""

    statement: str = entry(_("补正说明"), shape=Shape.TEXT, maximum=20000)


@dataclass(frozen=True)
class Withdrawal:
    """Why the filer gives up; the clerk attaches the signed wish."""

    reason: str = entry(_("撤回理由"), shape=Shape.TEXT, default="")


# --- conditions


@guard(_("窗口代为撤回的，须先上传申请人签名的撤回申请。"), basis=OWN_RULE)
def the_filer_wishes_it(attempt: Attempt[Any]) -> bool:
    """A clerk withdraws for somebody only with that person's signed wish attached."""
    case = attempt.facts.case()
    speaks_for_itself = case.subject in attempt.actor.subjects
    at_the_counter = Role.OFFICE_CLERK in attempt.actor.roles
    if speaks_for_itself or not at_the_counter or case.details.get("source") == "own_finding":
        return True
    return any(one.proves == "withdrawal" for one in attempt.facts.attachments())


# --- steps


def drafting(draft: State, withdrawn: State, takes: type, save: Effect) -> tuple[Step, Step]:
    """The draft is saved as one goes, and given up by its filer or once nobody touched it."""
    given_up = due_for_system("draft.keep")
    return (
        Step("amend", draft, by=Role.FILER, title=_("修改草稿"), takes=takes, effects=(save,)),
        Step(
            "discard",
            draft,
            withdrawn,
            by=(Role.FILER, Role.SYSTEM),
            title=_("放弃草稿"),
            guards=(given_up,),
        ),
    )


def supplementing(
    submitted: State,
    waiting: State,
    withdrawn: State,
    *,
    by: Actors,
    asks: Notice,
    ends: Notice,
    clock: str,
) -> tuple[Step, Step, Step]:
    """What is missing is asked for once; it comes in, or the case ends when ``clock`` has passed."""
    return (
        Step(
            "request_supplement",
            submitted,
            waiting,
            by=by,
            title=_("要求补正"),
            takes=Gaps,
            notice=asks,
        ),
        Step(
            "supplement", waiting, submitted, by=Role.FILER, title=_("提交补正"), takes=Supplement
        ),
        Step(
            "lapse",
            waiting,
            withdrawn,
            title=_("逾期未补正终止"),
            guards=(the_request_was_served, due_for_system(clock)),
            notice=ends,
        ),
    )
