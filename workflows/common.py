"""Conditions, consequences and steps that several kinds of case share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from workflows.grammar import (
    Clock,
    Guard,
    Notice,
    Party,
    Role,
    Shape,
    State,
    Step,
    _,
    effect,
    entry,
    guard,
)
from workflows.sources import (
    CIVIL_PROCEDURE,
    HENAN_41,
    OWN_RULE,
    REVIEW,
    SHENZHEN_43,
    SUPERVISION,
    ZHEJIANG_30,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.grammar import Actors, Attempt, Effect
    from workflows.office import Facts, RecordFact, TakenFact

# --- input


@dataclass(frozen=True)
class Reasons:
    """Why."""

    reasons: str = entry(_("理由"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Urging:
    """What is said besides the reminder itself."""

    note: str = entry(_("催办说明"), shape=Shape.TEXT, default="")


@dataclass(frozen=True)
class Annulment:
    """The document of the court or review body that annulled the decision."""

    document: str = entry(_("撤销原处理的法律文书"), shape=Shape.DOCUMENT)


@dataclass(frozen=True)
class Review:
    """An administrative review or a lawsuit about the case."""

    path: str = entry(_("途径"), choices=(("review", _("行政复议")), ("litigation", _("行政诉讼"))))
    begun_on: date = entry(_("受理日期"))
    document: str = entry(_("受理文书"), shape=Shape.DOCUMENT)


@dataclass(frozen=True)
class ReviewEnd:
    """How a review or lawsuit ended."""

    ended_on: date = entry(_("终结日期"))
    document: str = entry(_("终结文书"), shape=Shape.DOCUMENT)
    outcome: str = entry(_("结果"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Standstill:
    """Why the clocks stand still."""

    ground: str = entry(
        _("中止事由"),
        choices=(
            ("inspection", _("检验、检测、检疫")),
            ("appraisal", _("鉴定、专家评审")),
            ("court", _("法院、复议机关裁定停止")),
        ),
    )
    document: str = entry(_("依据文书"), shape=Shape.DOCUMENT)
    reasons: str = entry(_("说明"), shape=Shape.TEXT)


@dataclass(frozen=True)
class Service:
    """Proof that a notice reached its addressee; ``issued_by`` is the step that issued it."""

    notice_id: int = entry(_("文书"))
    issued_by: int = entry(_("出具文书的环节"))
    served_on: date = entry(_("送达日期"))
    how: str = entry(_("送达方式"))


# --- conditions


def someone_else(*handling: str) -> Guard:
    """Four eyes: whoever took one of the steps ``handling`` in this case does not decide it."""

    @guard(
        _("您已经办过本案的前一环节，须由另一人审批（经办与审批分离）。"),
        basis=OWN_RULE,
        excludes=handling,
    )
    def another_person_handled_it(attempt: Attempt[Any]) -> bool:
        handled = {one.actor for one in attempt.facts.history() if one.step in handling}
        return attempt.actor.person_id is None or attempt.actor.person_id not in handled

    return another_person_handled_it


def due_for_system(clock: str) -> Guard:
    """The clock acts only once a deadline has passed; people may act before."""

    @guard(_("期限尚未届满，系统不能自动办理。"), basis=OWN_RULE, clocks=(clock,))
    def its_deadline_has_passed(attempt: Attempt[Any]) -> bool:
        return attempt.actor.person_id is not None or attempt.facts.passed(clock)

    return its_deadline_has_passed


def by_supervisor_only_after(clock: str) -> Guard:
    """The supervisor stands in for a department only when its time is over.

    Whoever is a handler of the department as well acts as such.
    """

    @guard(
        _("实施部门的反馈期限尚未届满，监督人员还不能依检查结果代为登记。"),
        basis=SUPERVISION,
        clocks=(clock,),
    )
    def the_department_let_its_time_pass(attempt: Attempt[Any]) -> bool:
        actor = attempt.actor
        own = Role.EXECUTOR_HANDLER in actor.roles and actor.unit_id == attempt.facts.case().unit
        return own or attempt.facts.passed(clock)

    return the_department_let_its_time_pass


def did_not_take_the_annulled_decision(reopening: str, *decisions: str) -> Guard:
    """Whoever took one of the ``decisions`` before the last ``reopening`` does not decide again."""

    @guard(
        _("原处理决定由您作出，被撤销后须由他人重新决定。"),
        basis=REVIEW,
        excludes=decisions,
        reopened_by=reopening,
    )
    def did_not_take_the_annulled_decision(attempt: Attempt[Any]) -> bool:
        history = attempt.facts.history()
        reopened = max((one.seq for one in history if one.step == reopening), default=0)
        earlier = {one.actor for one in history if one.seq < reopened and one.step in decisions}
        return attempt.actor.person_id not in earlier

    return did_not_take_the_annulled_decision


def record_of(facts: Facts) -> RecordFact:
    """The one record that a correction or a repair is about."""
    return facts.records()[0]


@guard(_("本案没有未终结的复议或者诉讼记录。"), basis=SHENZHEN_43)
def a_review_is_pending(attempt: Attempt[Any]) -> bool:
    """A review that ends was noted before."""
    steps = [one.step for one in attempt.facts.history()]
    return steps.count("note_review") > steps.count("note_review_ended")


def stands_still(history: Sequence[TakenFact]) -> bool:
    """Whether a case has stopped its own clocks and not yet let them go on."""
    own = [one.step for one in history if "of" not in one.data]
    return own.count("stop_clock") > own.count("restart_clock")


@guard(_("本案的期限已经中止，不必再次中止。"), basis=HENAN_41)
def the_clocks_run(attempt: Attempt[Any]) -> bool:
    """A case stops its clocks once at a time."""
    return not stands_still(attempt.facts.history())


@guard(_("本案的期限没有中止，无须恢复。"), basis=HENAN_41)
def the_clocks_stand_still(attempt: Attempt[Any]) -> bool:
    """Only what was stopped goes on."""
    return stands_still(attempt.facts.history())


@guard(_("本案现在没有等待任何人办理，不需要催办。"), basis=SUPERVISION)
def somebody_is_waited_for(attempt: Attempt[Any]) -> bool:
    """A case that has ended cannot be urged."""
    return attempt.facts.case().open


@guard(_("补正通知书尚未送达，补正期限没有起算，不能因逾期终止。"), basis=CIVIL_PROCEDURE)
def the_request_was_served(attempt: Attempt[Any]) -> bool:
    """Nobody is late who was never told; the last request counts."""
    history = attempt.facts.history()
    asked = max((one.seq for one in history if one.step == "request_supplement"), default=0)
    return asked in served_steps(history)


def served_steps(history: Sequence[TakenFact]) -> set[int]:
    """The steps of a case whose notices are proved served, by number."""
    proofs = (one.data.get("input", {}) for one in history if one.step == "served")
    return {proof["issued_by"] for proof in proofs if "issued_by" in proof}


@guard(_("延期只能办理一次，本案已经延期。"), basis=ZHEJIANG_30)
def not_extended_before(attempt: Attempt[Any]) -> bool:
    """Once, counted anew from a reopening."""
    history = attempt.facts.history()
    anew = max((one.seq for one in history if one.step == "reopen"), default=0)
    return not any(one.step == "extend" and one.seq > anew for one in history)


# --- consequences


@effect(stops_parent=True)
def stop_the_parent_too(attempt: Attempt[Any]) -> None:
    """What keeps a child from going on keeps its parent waiting."""
    attempt.office.stop_parent(stopped=True)


@effect(stops_parent=True)
def let_the_parent_go_on(attempt: Attempt[Any]) -> None:
    """The counterpart of stop_the_parent_too."""
    attempt.office.stop_parent(stopped=False)


# --- steps and notices

URGING = Notice("urging", _("催办单"), to=Party.OWNER)
CLOCK_STOPPED = Notice("clock_stopped", _("办理期限中止告知书"), to=Party.FILER)


def urge(*states: State, effects: tuple[Effect, ...] = ()) -> Step:
    """The office, or the clock when a deadline passed, reminds whoever is waited for."""
    return Step(
        "urge",
        states,
        by=(Role.OFFICE_SUPERVISOR, Role.SYSTEM),
        title=_("催办"),
        takes=Urging,
        guards=(somebody_is_waited_for,),
        effects=effects,
        notice=URGING,
        beside=True,
    )


def after_annulment(
    name: str,
    source: State,
    to: State,
    title: str,
    *,
    annuls: tuple[str, ...],
    effects: tuple[Effect, ...] = (),
) -> Step:
    """A court or review body annulled a decision: the office takes the case up again."""
    return Step(
        name,
        source,
        to,
        by=Role.OFFICE_APPROVER,
        title=title,
        takes=Annulment,
        effects=effects,
        annuls=annuls,
    )


def parallel(
    states: tuple[State, ...],
    stoppable: tuple[State, ...],
    stop_by: Actors,
    *,
    paused: tuple[State, ...] = (),
) -> tuple[Step, ...]:
    """Facts beside the states: they leave the state as it is, in every kind.

    ``stoppable``: the states that a unit owns; ``stop_by``: its approver. ``paused``: states of
    the filer into which the case may go while its clocks stand still.
    """
    return (
        Step(
            "note_review",
            states,
            by=Role.OFFICE_CLERK,
            title=_("登记复议、诉讼"),
            takes=Review,
            beside=True,
        ),
        Step(
            "note_review_ended",
            states,
            by=Role.OFFICE_CLERK,
            title=_("登记复议、诉讼终结"),
            takes=ReviewEnd,
            guards=(a_review_is_pending,),
            beside=True,
        ),
        _stop_clock(stoppable, stop_by),
        _restart_clock((*stoppable, *paused)),
        Step("served", states, by=Role.SYSTEM, title=_("送达"), takes=Service, beside=True),
    )


def _stop_clock(states: tuple[State, ...], by: Actors) -> Step:
    return Step(
        "stop_clock",
        states,
        by=by,
        title=_("中止期限"),
        takes=Standstill,
        guards=(the_clocks_run,),
        effects=(stop_the_parent_too,),
        notice=CLOCK_STOPPED,
        beside=True,
        touches_parent=True,
    )


def _restart_clock(states: tuple[State, ...]) -> Step:
    return Step(
        "restart_clock",
        states,
        by=(Role.OWNER, Role.SYSTEM),
        title=_("恢复计算期限"),
        guards=(the_clocks_stand_still, due_for_system("clock.stopped")),
        effects=(let_the_parent_go_on,),
        beside=True,
        touches_parent=True,
    )


def standstill_clock(stoppable: tuple[State, ...]) -> Clock:
    """How long clocks may stand still before they go on by themselves."""
    return Clock(
        "clock.stopped",
        starts=("stop_clock",),
        runs_in=stoppable,
        ends=("restart_clock",),
        never_stops=True,
    )
