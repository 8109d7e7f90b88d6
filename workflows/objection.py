"""Objection 异议: an adverse record is contested, verified, decided and, where wrong, corrected."""

from workflows.common import (
    Reasons,
    after_annulment,
    did_not_take_the_annulled_decision,
    not_extended_before,
    parallel,
    someone_else,
    standstill_clock,
    urge,
)
from workflows.conditions.objection import (
    a_round_is_left,
    an_item_has_no_finding,
    an_item_is_not_theirs,
    at_least_one_item_is_wrong,
    each_item_is_complete,
    every_correction_has_ended,
    every_item_has_a_finding,
    every_open_item_differs,
    every_sanction_it_held_is_settled,
    every_verification_has_ended,
    filer_is_entitled,
    it_has_an_item,
    no_item_is_wrong,
    no_item_was_found_wrong,
    no_open_objection_on_the_same,
    no_record_is_revoked,
    nothing_dismissed_or_new_evidence,
    the_item_is_not_theirs,
    the_items_are_of_this_case,
    the_new_date_is_possible,
    the_same_unit_gets_proof,
    the_unit_provides_records,
)
from workflows.consequences.objection import (
    annotate_and_hold,
    ask_once_more,
    ask_the_right_unit,
    cancel_verifications,
    keep_outcomes,
    keep_own_values,
    leave_it_unverifiable,
    let_go_of_everything,
    let_go_of_the_right_ones,
    open_corrections,
    open_verifications,
    reinstate_what_was_changed,
    save_draft,
)
from workflows.grammar import Clock, Notice, Party, Role, State, Step, Workflow, _
from workflows.inputs.objection import (
    AnotherRound,
    Draft,
    Extension,
    Filing,
    OwnError,
    Redirect,
    RedirectNowhere,
    Refusal,
)
from workflows.intake import Withdrawal, drafting, supplementing, the_filer_wishes_it

# --- states

DRAFT = State("draft", _("草稿"), owner=Role.FILER, deadline=("draft.keep",))
SUBMITTED = State("submitted", _("待受理"), owner=Role.OFFICE_CLERK, deadline=("objection.accept",))
SUPPLEMENTING = State(
    "supplementing", _("待补正"), owner=Role.FILER, deadline=("objection.supplement",)
)
VERIFYING = State("verifying", _("核实中"), owner=Role.OFFICE_CLERK, deadline=("objection.total",))
DECIDING = State("deciding", _("待决定"), owner=Role.OFFICE_APPROVER, deadline=("objection.total",))
EXECUTING = State(
    "executing", _("执行处理结果"), owner=Role.OFFICE_CLERK, deadline=("case.execute",)
)
CLOSED = State("closed", _("已办结"), rest=True)
WITHDRAWN = State("withdrawn", _("已终止"), final=True)
NOT_ACCEPTED = State("not_accepted", _("不予受理"), rest=True)

STATES = (
    DRAFT,
    SUBMITTED,
    SUPPLEMENTING,
    VERIFYING,
    DECIDING,
    EXECUTING,
    CLOSED,
    WITHDRAWN,
    NOT_ACCEPTED,
)

WITH_THE_OFFICE = (SUBMITTED, VERIFYING, DECIDING, EXECUTING)

# --- notices

RECEIPT = Notice("receipt", _("收件凭证"), to=Party.FILER)
SUPPLEMENT = Notice("supplement", _("补正通知书"), to=Party.FILER)
ACCEPTANCE = Notice("acceptance", _("异议受理通知书"), to=Party.FILER)
REFUSAL = Notice("refusal", _("不予受理通知书"), to=Party.FILER, adverse=True)
EXTENSION = Notice("extension", _("延期通知书"), to=Party.FILER)
UPHELD = Notice(
    "upheld", _("异议处理结果告知书"), to=Party.FILER, copies=(Party.SUBJECT,), adverse=True
)
DISMISSED = Notice(
    "dismissed", _("异议处理结果告知书"), to=Party.FILER, copies=(Party.SUBJECT,), adverse=True
)
TERMINATION = Notice("termination", _("终止办理通知书"), to=Party.FILER)

# --- steps

FILERS = (Role.SUBJECT, Role.OFFICE_CLERK, Role.EXECUTOR_HANDLER, Role.PROVIDER_HANDLER)
HANDLING = (
    "file",
    "amend",
    "submit",
    "request_supplement",
    "supplement",
    "accept",
    "correct_own_error",
    "redirect",
    "redirect_nowhere",
)
ANOTHER = someone_else(*HANDLING)
NOT_AGAIN = did_not_take_the_annulled_decision("reopen", "uphold", "dismiss")

STEPS = (
    Step("file", None, DRAFT, by=FILERS, title=_("新建异议"), takes=Filing, effects=(save_draft,)),
    *drafting(DRAFT, WITHDRAWN, Draft, save_draft),
    Step(
        "submit",
        DRAFT,
        SUBMITTED,
        by=FILERS,
        title=_("提交异议"),
        guards=(
            it_has_an_item,
            each_item_is_complete,
            filer_is_entitled,
            no_record_is_revoked,
            no_open_objection_on_the_same,
            nothing_dismissed_or_new_evidence,
        ),
        notice=RECEIPT,
    ),
    *supplementing(
        SUBMITTED,
        SUPPLEMENTING,
        WITHDRAWN,
        by=Role.OFFICE_CLERK,
        asks=SUPPLEMENT,
        ends=TERMINATION,
        clock="objection.supplement",
    ),
    Step(
        "accept",
        SUBMITTED,
        VERIFYING,
        by=Role.OFFICE_CLERK,
        title=_("受理"),
        effects=(annotate_and_hold, open_verifications),
        notice=ACCEPTANCE,
    ),
    Step(
        "refuse",
        SUBMITTED,
        NOT_ACCEPTED,
        by=Role.OFFICE_APPROVER,
        title=_("不予受理"),
        takes=Refusal,
        guards=(ANOTHER, did_not_take_the_annulled_decision("reopen_acceptance", "refuse")),
        notice=REFUSAL,
        decides=True,
        burdens=True,
    ),
    Step(
        "correct_own_error",
        (SUBMITTED, VERIFYING),
        DECIDING,
        by=Role.OFFICE_CLERK,
        title=_("登记平台差错"),
        takes=OwnError,
        guards=(an_item_has_no_finding, every_open_item_differs),
        effects=(annotate_and_hold, cancel_verifications, keep_own_values),
    ),
    Step(
        "redirect",
        VERIFYING,
        by=Role.OFFICE_CLERK,
        title=_("转交其他单位核实"),
        takes=Redirect,
        guards=(
            an_item_is_not_theirs,
            the_item_is_not_theirs,
            the_unit_provides_records,
            the_same_unit_gets_proof,
        ),
        effects=(ask_the_right_unit,),
    ),
    Step(
        "redirect_nowhere",
        VERIFYING,
        by=Role.OFFICE_CLERK,
        title=_("登记无单位认领"),
        takes=RedirectNowhere,
        guards=(an_item_is_not_theirs, the_item_is_not_theirs),
        effects=(leave_it_unverifiable,),
    ),
    Step(
        "extend",
        (VERIFYING, DECIDING),
        by=Role.OFFICE_APPROVER,
        title=_("延长办理期限"),
        takes=Extension,
        guards=(not_extended_before, the_new_date_is_possible),
        notice=EXTENSION,
    ),
    Step(
        "findings_complete",
        VERIFYING,
        DECIDING,
        by=Role.SYSTEM,
        title=_("核实完毕"),
        guards=(every_verification_has_ended, every_item_has_a_finding),
    ),
    Step(
        "return_for_verification",
        DECIDING,
        VERIFYING,
        by=Role.OFFICE_APPROVER,
        title=_("退回重新核实"),
        takes=AnotherRound,
        guards=(a_round_is_left, the_items_are_of_this_case),
        effects=(annotate_and_hold, ask_once_more),
    ),
    Step(
        "uphold",
        DECIDING,
        EXECUTING,
        by=Role.OFFICE_APPROVER,
        title=_("异议成立"),
        takes=Reasons,
        guards=(at_least_one_item_is_wrong, ANOTHER, NOT_AGAIN),
        effects=(keep_outcomes, let_go_of_the_right_ones, open_corrections),
        notice=UPHELD,
        decides=True,
        burdens=True,
    ),
    Step(
        "dismiss",
        DECIDING,
        EXECUTING,
        by=Role.OFFICE_APPROVER,
        title=_("异议不成立"),
        takes=Reasons,
        guards=(no_item_is_wrong, ANOTHER, NOT_AGAIN),
        effects=(keep_outcomes, let_go_of_the_right_ones, reinstate_what_was_changed),
        notice=DISMISSED,
        decides=True,
        burdens=True,
    ),
    Step(
        "close",
        EXECUTING,
        CLOSED,
        by=Role.SYSTEM,
        title=_("办结"),
        guards=(every_correction_has_ended, every_sanction_it_held_is_settled),
    ),
    Step(
        "withdraw",
        (SUBMITTED, SUPPLEMENTING, VERIFYING),
        WITHDRAWN,
        by=Role.FILER,
        title=_("撤回异议"),
        takes=Withdrawal,
        guards=(no_item_was_found_wrong, the_filer_wishes_it),
        effects=(cancel_verifications, let_go_of_everything),
        notice=TERMINATION,
    ),
    urge(*WITH_THE_OFFICE),
    after_annulment(
        "reopen",
        CLOSED,
        DECIDING,
        _("重新办理（处理结果被撤销）"),
        annuls=("uphold", "dismiss"),
        effects=(annotate_and_hold,),
    ),
    after_annulment(
        "reopen_acceptance",
        NOT_ACCEPTED,
        SUBMITTED,
        _("重新审查受理（不予受理被撤销）"),
        annuls=("refuse",),
    ),
    *parallel(STATES, WITH_THE_OFFICE, Role.OFFICE_APPROVER, paused=(SUPPLEMENTING,)),
)

# --- clocks

BEFORE_ACCEPTANCE = (SUBMITTED,)
BEFORE_DECISION = (SUBMITTED, VERIFYING, DECIDING)
FIRST_STEPS = ("submit", "reopen_acceptance")

CLOCKS = (
    Clock("draft.keep", starts=("file",), runs_in=(DRAFT,)),
    Clock("objection.accept", FIRST_STEPS, BEFORE_ACCEPTANCE, stops_in=(SUPPLEMENTING,)),
    Clock(
        "objection.forward",
        FIRST_STEPS,
        BEFORE_ACCEPTANCE,
        ends=("accept",),
        stops_in=(SUPPLEMENTING,),
    ),
    Clock(
        "objection.total",
        (*FIRST_STEPS, "reopen"),
        BEFORE_DECISION,
        ends=("uphold", "dismiss"),
        stops_in=(SUPPLEMENTING,),
        extended_by=("extend", "input:due_on"),
    ),
    Clock(
        "objection.longest",
        (*FIRST_STEPS, "reopen"),
        BEFORE_DECISION,
        ends=("uphold", "dismiss"),
        stops_in=(SUPPLEMENTING,),
    ),
    Clock("objection.supplement", ("request_supplement",), (SUPPLEMENTING,), service=True),
    Clock("case.execute", ("uphold", "dismiss"), (EXECUTING,)),
    standstill_clock((*WITH_THE_OFFICE, SUPPLEMENTING)),
)

OBJECTION = Workflow("objection", _("异议"), "YY", STATES, STEPS, CLOCKS)
