"""Verification 核实: one provider is asked about its items of an objection, and answers."""

from workflows.common import Reasons, due_for_system, parallel, someone_else, standstill_clock, urge
from workflows.conditions.verification import (
    a_whole_record_is_not_rewritten,
    each_correction_has_a_value,
    each_finding_has_reasons,
    each_value_can_be_stored,
    every_item_has_a_finding,
    no_time_was_granted_before,
    the_evidence_is_here,
    time_was_asked_for,
)
from workflows.consequences.verification import (
    hand_findings_to_the_objection,
    hand_over_what_there_is,
    keep_findings,
)
from workflows.grammar import Clock, Notice, Party, Role, State, Step, Workflow, _
from workflows.inputs.verification import AskForTime, Findings

# --- states

BOTH = ("verification.acknowledge", "verification.report")
ISSUED = State("issued", _("待签收"), owner=Role.PROVIDER_HANDLER, deadline=BOTH)
VERIFYING = State(
    "verifying", _("核实中"), owner=Role.PROVIDER_HANDLER, deadline=("verification.report",)
)
REPORTED = State(
    "reported", _("待审核"), owner=Role.PROVIDER_APPROVER, deadline=("verification.report",)
)
CLOSED = State("closed", _("已反馈"), final=True)
CANCELLED = State("cancelled", _("已取消"), final=True)

STATES = (ISSUED, VERIFYING, REPORTED, CLOSED, CANCELLED)
WAITING = (ISSUED, VERIFYING, REPORTED)

# --- notices

REQUEST = Notice("request", _("核实函"), to=Party.UNIT, issuer=Party.INFORMER)
FEEDBACK = Notice("feedback", _("核实结果反馈函"), to=Party.OFFICE, issuer=Party.UNIT)
MORE_TIME = Notice("more_time", _("核实延期告知书"), to=Party.FILER)

# --- steps

ANOTHER = someone_else("acknowledge", "ask_for_time", "report")

STEPS = (
    Step("open", None, ISSUED, title=_("发出核实函"), notice=REQUEST),
    Step("acknowledge", ISSUED, VERIFYING, by=Role.PROVIDER_HANDLER, title=_("签收")),
    Step(
        "ask_for_time",
        VERIFYING,
        by=Role.PROVIDER_HANDLER,
        title=_("申请延期"),
        takes=AskForTime,
        guards=(no_time_was_granted_before,),
    ),
    Step(
        "grant_time",
        VERIFYING,
        by=Role.PROVIDER_APPROVER,
        title=_("批准延期"),
        guards=(time_was_asked_for, no_time_was_granted_before, ANOTHER),
        notice=MORE_TIME,
        decides=True,
    ),
    Step(
        "report",
        VERIFYING,
        REPORTED,
        by=Role.PROVIDER_HANDLER,
        title=_("填报核实结论"),
        takes=Findings,
        guards=(
            every_item_has_a_finding,
            each_finding_has_reasons,
            each_correction_has_a_value,
            each_value_can_be_stored,
            a_whole_record_is_not_rewritten,
            the_evidence_is_here,
        ),
        effects=(keep_findings,),
    ),
    Step(
        "send_back",
        REPORTED,
        VERIFYING,
        by=Role.PROVIDER_APPROVER,
        title=_("退回经办"),
        takes=Reasons,
    ),
    Step(
        "endorse",
        REPORTED,
        CLOSED,
        by=Role.PROVIDER_APPROVER,
        title=_("审核通过并反馈"),
        guards=(ANOTHER,),
        effects=(hand_findings_to_the_objection,),
        notice=FEEDBACK,
        decides=True,
    ),
    urge(*WAITING),
    Step(
        "expire",
        WAITING,
        CLOSED,
        title=_("逾期终结核实"),
        guards=(due_for_system("verification.hard_stop"),),
        effects=(hand_over_what_there_is,),
    ),
    Step("cancel", WAITING, CANCELLED, title=_("取消核实")),
    *parallel(STATES, WAITING, Role.PROVIDER_APPROVER),
)

# --- clocks

CLOCKS = (
    Clock("verification.acknowledge", starts=("open",), runs_in=(ISSUED,)),
    Clock(
        "verification.report",
        starts=("open",),
        runs_in=WAITING,
        extended_by=("grant_time", "verification.extension"),
    ),
    Clock(
        "verification.hard_stop",
        starts=("open",),
        runs_in=WAITING,
        start_from="hard_stop_from",
        not_after="not_after",
    ),
    standstill_clock(WAITING),
)

VERIFICATION = Workflow("verification", _("核实"), "HS", STATES, STEPS, CLOCKS)
