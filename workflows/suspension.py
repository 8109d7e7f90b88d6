"""Suspension 暂停执行惩戒措施: one department is ordered about one sanction, and answers."""

from workflows.common import (
    by_supervisor_only_after,
    parallel,
    someone_else,
    standstill_clock,
    urge,
)
from workflows.conditions.suspension import (
    a_case_holds_it,
    a_valid_record_supports_it,
    it_was_never_confirmed,
    its_period_runs,
    no_case_holds_it,
    nothing_supports_it_any_more,
    office_owns,
    the_day_of_its_end_is_possible,
    the_day_of_suspension_is_possible,
    the_measure_is_mandatory,
)
from workflows.consequences.suspension import (
    end_every_hold,
    end_it,
    keep_the_answer,
    order_to_lift,
    order_to_resume,
    resume_it,
    withdraw_the_order,
)
from workflows.grammar import By, Clock, Notice, Party, Role, State, Step, Workflow, _
from workflows.inputs.suspension import Confirmation, Declining, Lifted, Resumed

# --- states

ORDERED = State(
    "ordered", _("待确认暂停"), owner=Role.EXECUTOR_HANDLER, deadline=("suspension.confirm",)
)
SUSPENDED = State("suspended", _("暂停中"), owner=Role.OFFICE_CLERK, borrows=True)
DECLINED = State("declined", _("不予暂停"), final=True)
RESUMING = State(
    "resuming", _("待确认恢复"), owner=Role.EXECUTOR_HANDLER, deadline=("suspension.resume",)
)
RESUMED = State("resumed", _("已恢复执行"), final=True)
LIFTING = State(
    "lifting", _("待确认解除"), owner=Role.EXECUTOR_HANDLER, deadline=("suspension.lift",)
)
LIFTED = State("lifted", _("已解除"), final=True)

STATES = (ORDERED, SUSPENDED, DECLINED, RESUMING, RESUMED, LIFTING, LIFTED)
WITH_THE_DEPARTMENT = (ORDERED, RESUMING, LIFTING)
WAITING = (ORDERED, SUSPENDED, RESUMING, LIFTING)

# --- notices

ORDER = Notice("order", _("暂停执行失信惩戒措施通知书"), to=Party.UNIT)
FEEDBACK = Notice("feedback", _("暂停执行情况反馈单"), to=Party.OFFICE, issuer=Party.UNIT)
DECLINING = Notice(
    "declined", _("不予暂停告知书"), to=Party.SUBJECT, issuer=Party.UNIT, adverse=True
)
RESUME = Notice("resume", _("恢复执行失信惩戒措施通知书"), to=Party.UNIT, copies=(Party.SUBJECT,))
LIFT = Notice("lift", _("解除失信惩戒措施通知书"), to=Party.UNIT, copies=(Party.SUBJECT,))

# --- steps

STEPS = (
    Step("open", None, ORDERED, title=_("通知暂停执行"), notice=ORDER),
    Step(
        "open_to_lift",
        None,
        LIFTING,
        title=_("通知解除"),
        guards=(nothing_supports_it_any_more,),
        effects=(order_to_lift,),
        notice=LIFT,
    ),
    Step(
        "confirm",
        ORDERED,
        SUSPENDED,
        by=Role.EXECUTOR_HANDLER,
        title=_("确认已暂停"),
        takes=Confirmation,
        guards=(the_day_of_suspension_is_possible,),
        effects=(keep_the_answer,),
        notice=FEEDBACK,
    ),
    Step(
        "decline",
        ORDERED,
        DECLINED,
        by=Role.EXECUTOR_APPROVER,
        title=_("不予暂停"),
        takes=Declining,
        guards=(the_measure_is_mandatory, it_was_never_confirmed, someone_else("confirm")),
        effects=(end_every_hold,),
        notice=DECLINING,
        decides=True,
        burdens=True,
    ),
    Step(
        "order_resume",
        (ORDERED, SUSPENDED),
        RESUMING,
        title=_("通知恢复执行"),
        guards=(no_case_holds_it, a_valid_record_supports_it, its_period_runs),
        effects=(order_to_resume,),
        notice=RESUME,
    ),
    Step(
        "order_lift",
        (ORDERED, SUSPENDED, RESUMING),
        LIFTING,
        title=_("通知解除"),
        guards=(nothing_supports_it_any_more,),
        effects=(order_to_lift,),
        notice=LIFT,
    ),
    Step(
        "confirm_resumed",
        RESUMING,
        RESUMED,
        by=(Role.EXECUTOR_HANDLER, Role.OFFICE_SUPERVISOR),
        title=_("确认已恢复执行"),
        takes=Resumed,
        guards=(by_supervisor_only_after("suspension.resume"), the_day_of_its_end_is_possible),
        effects=(resume_it,),
    ),
    Step(
        "confirm_lifted",
        LIFTING,
        LIFTED,
        by=(Role.EXECUTOR_HANDLER, Role.OFFICE_SUPERVISOR),
        title=_("确认已解除"),
        takes=Lifted,
        guards=(by_supervisor_only_after("suspension.lift"), the_day_of_its_end_is_possible),
        effects=(end_it,),
    ),
    Step(
        "hold_again",
        RESUMING,
        ORDERED,
        title=_("重新通知暂停"),
        guards=(a_case_holds_it,),
        effects=(withdraw_the_order,),
        notice=ORDER,
    ),
    urge(*WAITING),
    *parallel(
        STATES,
        WAITING,
        (
            By(Role.EXECUTOR_APPROVER, unless=office_owns),
            By(Role.OFFICE_APPROVER, when=office_owns),
        ),
    ),
)

# --- clocks

CLOCKS = (
    Clock("suspension.confirm", starts=("open", "hold_again"), runs_in=(ORDERED,)),
    Clock("suspension.resume", starts=("order_resume",), runs_in=(RESUMING,)),
    Clock("suspension.lift", starts=("order_lift", "open_to_lift"), runs_in=(LIFTING,)),
    standstill_clock(WAITING),
)

SUSPENSION = Workflow(
    "suspension", _("暂停执行惩戒措施"), "ZT", STATES, STEPS, CLOCKS, outlives=True
)
