"""Correction 更正、撤销: a record is put right, and everybody who got it is told."""

from workflows.common import (
    Reasons,
    parallel,
    someone_else,
    standstill_clock,
    urge,
)
from workflows.conditions.correction import (
    a_sanction_was_executed,
    each_value_can_be_stored,
    it_is_as_decided,
    it_is_known_what_to_do,
    it_reaches_somewhere,
    it_rests_on_a_document,
    its_time_has_passed,
    no_sanction_was_executed,
    nothing_else_was_decided,
    nothing_is_left_to_correct,
    office_carries_out,
    office_owns,
    reinstatement_was_decided,
    the_record_has_not_moved_on,
    the_record_is_its_own,
    the_record_is_not_gone,
    the_record_was_not_revoked,
    what_changes_is_said,
)
from workflows.consequences.correction import (
    end_annotation_and_holds,
    keep_the_proposal,
    keep_the_restoration,
    put_the_record_right,
    withdraw_the_publication,
)
from workflows.grammar import By, Clock, Notice, Party, Role, State, Step, Workflow, _
from workflows.inputs.correction import (
    CarryOut,
    Change,
    Opening,
    PublicWithdrawal,
    Restoration,
)
from workflows.receipts import all_receipts_are_in, cutting_off, remind_recipients

HANDLER = (
    By(Role.OFFICE_CLERK, office_carries_out),
    By(Role.PROVIDER_HANDLER, unless=office_carries_out),
)
APPROVER = (
    By(Role.OFFICE_APPROVER, office_carries_out),
    By(Role.PROVIDER_APPROVER, unless=office_carries_out),
)

ANOTHER = someone_else("open", "open_annulled", "correct")

STOPPERS = (
    By(Role.OFFICE_APPROVER, office_owns),
    By(Role.PROVIDER_APPROVER, unless=office_owns),
)

# --- states

TO_CORRECT = ("correction.correct", "correction.annulled")
ORDERED = State("ordered", _("待更正"), owner=HANDLER, deadline=TO_CORRECT)
CORRECTED = State("corrected", _("待审批"), owner=APPROVER, deadline=TO_CORRECT)
SYNCHRONISING = State(
    "synchronising", _("同步中"), owner=Role.OFFICE_CLERK, deadline=("correction.synchronise",)
)
RESTORING = State(
    "restoring", _("消除影响中"), owner=Role.OFFICE_CLERK, deadline=("correction.restore",)
)
DONE = State("done", _("已完成"), final=True)
MOOT = State("moot", _("无须办理"), final=True)

STATES = (ORDERED, CORRECTED, SYNCHRONISING, RESTORING, DONE, MOOT)
BEFORE_APPROVAL = (ORDERED, CORRECTED)
WAITING = (ORDERED, CORRECTED, SYNCHRONISING, RESTORING)

# --- notices

ORDER = Notice("order", _("信息更正（撤销）通知书"), to=Party.UNIT)
SUPERVISION = Notice("supervision", _("督办函"), to=Party.UNIT)
WITHDRAWAL = Notice("withdrawal", _("公示撤回及理由说明"), to=Party.PUBLIC, issuer=Party.UNIT)
RESTORATION = Notice("restoration", _("消除影响公告"), to=Party.PUBLIC, copies=(Party.SUBJECT,))

# --- steps

OPENING = (Role.PROVIDER_HANDLER, Role.OFFICE_CLERK, Role.SYSTEM)
MAY_OPEN = (the_record_is_its_own, the_record_is_not_gone)

STEPS = (
    Step(
        "open",
        None,
        ORDERED,
        by=OPENING,
        title=_("发起更正"),
        takes=Opening,
        guards=MAY_OPEN,
        notice=ORDER,
    ),
    Step(
        "open_annulled",
        None,
        ORDERED,
        by=OPENING,
        title=_("发起撤销（原决定已被撤销、变更或者确认违法）"),
        takes=Opening,
        guards=MAY_OPEN,
        notice=ORDER,
    ),
    Step(
        "correct",
        ORDERED,
        CORRECTED,
        by=HANDLER,
        title=_("填报更正内容"),
        takes=Change,
        guards=(
            the_record_was_not_revoked,
            it_is_as_decided,
            reinstatement_was_decided,
            what_changes_is_said,
            each_value_can_be_stored,
            it_rests_on_a_document,
        ),
        effects=(keep_the_proposal,),
    ),
    Step("send_back", CORRECTED, ORDERED, by=APPROVER, title=_("退回经办"), takes=Reasons),
    Step(
        "approve",
        CORRECTED,
        SYNCHRONISING,
        by=APPROVER,
        title=_("批准更正"),
        guards=(ANOTHER, the_record_was_not_revoked, the_record_has_not_moved_on),
        effects=(put_the_record_right,),
        endorses=True,
    ),
    Step(
        "carry_out",
        BEFORE_APPROVAL,
        SYNCHRONISING,
        by=Role.OFFICE_APPROVER,
        title=_("代为更正"),
        takes=CarryOut,
        guards=(
            its_time_has_passed,
            it_is_known_what_to_do,
            the_record_was_not_revoked,
            ANOTHER,
        ),
        effects=(put_the_record_right,),
        notice=SUPERVISION,
        decides=True,
    ),
    Step(
        "moot",
        BEFORE_APPROVAL,
        MOOT,
        title=_("无须再更正"),
        guards=(nothing_is_left_to_correct,),
        effects=(end_annotation_and_holds,),
    ),
    Step(
        "synchronised",
        SYNCHRONISING,
        RESTORING,
        title=_("全部回执，转消除影响"),
        guards=(all_receipts_are_in, a_sanction_was_executed),
    ),
    Step(
        "synchronised_harmless",
        SYNCHRONISING,
        DONE,
        title=_("全部回执，办结"),
        guards=(all_receipts_are_in, no_sanction_was_executed),
    ),
    Step(
        "restore",
        RESTORING,
        DONE,
        by=Role.OFFICE_CLERK,
        title=_("消除影响、恢复信誉"),
        takes=Restoration,
        guards=(it_reaches_somewhere,),
        effects=(keep_the_restoration,),
        notice=RESTORATION,
    ),
    Step(
        "withdraw_publication",
        ORDERED,
        SYNCHRONISING,
        by=Role.PROVIDER_APPROVER,
        title=_("撤回公示"),
        takes=PublicWithdrawal,
        guards=(nothing_else_was_decided, the_record_was_not_revoked, ANOTHER),
        effects=(withdraw_the_publication,),
        notice=WITHDRAWAL,
        decides=True,
    ),
    cutting_off(SYNCHRONISING),
    urge(*WAITING, effects=(remind_recipients,)),
    *parallel(STATES, WAITING, STOPPERS),
)

# --- clocks

CLOCKS = (
    Clock("correction.correct", starts=("open",), runs_in=BEFORE_APPROVAL),
    Clock("correction.annulled", starts=("open_annulled",), runs_in=BEFORE_APPROVAL),
    Clock(
        "correction.synchronise",
        starts=("approve", "carry_out", "withdraw_publication"),
        runs_in=(SYNCHRONISING,),
    ),
    Clock("correction.restore", starts=("synchronised",), runs_in=(RESTORING,)),
    standstill_clock(WAITING),
)

CORRECTION = Workflow("correction", _("更正、撤销"), "GZ", STATES, STEPS, CLOCKS)
