"""Repair 修复: the record was right, the wrong has been put right: its effects end together."""

from dataclasses import replace

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
from workflows.conditions.repair import (
    a_grant_is_proposed,
    a_refusal_is_proposed,
    class_and_regime_are_known,
    each_duty_is_proven,
    every_condition_is_examined,
    every_condition_is_met_with_proof,
    every_department_has_confirmed,
    it_is_not_unrepairable,
    it_is_still_disclosed_or_shared,
    no_other_case_repaired_it,
    no_other_repair_is_open,
    nothing_is_left_to_repair,
    office_owns,
    the_applicant_is_its_subject,
    the_commitment_is_made,
    the_minimum_period_is_over,
    the_office_may_return_it,
    the_reasons_are_given,
    the_record_is_not_revoked,
    the_subject_is_not_barred,
    the_subject_was_heard,
    what_forbids_it_is_cited,
)
from workflows.consequences.repair import (
    keep_the_accusation,
    keep_the_answer,
    keep_the_application,
    keep_the_grant,
    keep_the_next_date,
    keep_the_refusal,
    publish_the_commitment,
    repair_the_record,
    revoke_the_repair,
)
from workflows.grammar import By, Clock, Notice, Party, Role, State, Step, Workflow, _
from workflows.inputs.repair import (
    Accusation,
    Answer,
    Draft,
    Filing,
    Grant,
    MoreTime,
    Refusal,
    RefusalOfAcceptance,
)
from workflows.intake import Withdrawal, drafting, supplementing, the_filer_wishes_it
from workflows.receipts import all_receipts_are_in, cutting_off, remind_recipients

# --- states

PROVIDER, APPROVER = Role.PROVIDER_HANDLER, Role.PROVIDER_APPROVER

DRAFT = State("draft", _("草稿"), owner=Role.FILER, deadline=("draft.keep",))
SUBMITTED = State("submitted", _("待受理"), owner=PROVIDER, deadline=("repair.accept",))
SUPPLEMENTING = State(
    "supplementing", _("待补正"), owner=Role.FILER, deadline=("repair.supplement",)
)
EXAMINING = State("examining", _("审查中"), owner=PROVIDER, deadline=("repair.decide",))
PROPOSED = State("proposed", _("待审核"), owner=APPROVER, deadline=("repair.decide",))
APPROVING = State("approving", _("待决定"), owner=Role.OFFICE_APPROVER, deadline=("repair.total",))
EXECUTING = State(
    "executing", _("执行修复决定"), owner=Role.OFFICE_CLERK, deadline=("case.execute",)
)
REPAIRED = State("repaired", _("已修复"), rest=True)
REVOKING = State(
    "revoking", _("撤销修复审查中"), owner=Role.OFFICE_APPROVER, deadline=("repair.revoke",)
)
REVOKED = State("revoked", _("修复已撤销"), rest=True)
REFUSED = State("refused", _("不予修复"), rest=True)
NOT_ACCEPTED = State("not_accepted", _("不予受理"), rest=True)
WITHDRAWN = State("withdrawn", _("已终止"), final=True)
DISCONTINUED = State("discontinued", _("无须继续办理"), final=True)

UNDECIDED = (SUBMITTED, SUPPLEMENTING, EXAMINING, PROPOSED, APPROVING)
DECIDED = (EXECUTING, REPAIRED, REVOKING, REVOKED, REFUSED, NOT_ACCEPTED)
STATES = (DRAFT, *UNDECIDED, *DECIDED, WITHDRAWN, DISCONTINUED)
BEFORE_DECISION = (SUBMITTED, EXAMINING, PROPOSED, APPROVING)
WITH_AUTHORITIES = (*BEFORE_DECISION, EXECUTING, REVOKING)

# --- notices

UNIT, SUBJECT, GRANTS = Party.UNIT, Party.SUBJECT, ("granted", "restored")
APPLICATION = Notice("application", _("信用修复申请书"), to=UNIT, issuer=SUBJECT)
COMMITMENT = Notice("commitment", _("信用修复承诺书"), to=Party.PUBLIC, issuer=SUBJECT)
RECEIPT = Notice("receipt", _("收件凭证"), to=SUBJECT)
SUPPLEMENT = Notice("supplement", _("补正通知书"), to=SUBJECT, issuer=UNIT)
ACCEPTANCE = Notice("acceptance", _("信用修复受理通知书"), to=SUBJECT, issuer=UNIT)
NOT_ACCEPTING = Notice(
    "not_accepted", _("信用修复不予受理通知书"), to=SUBJECT, issuer=UNIT, adverse=True
)
EXTENSION = Notice("extension", _("延期通知书"), to=SUBJECT, issuer=UNIT)
GRANTED = Notice("granted", _("准予信用修复决定书"), to=SUBJECT, issuer=UNIT)
REFUSAL = Notice("refused", _("不予信用修复决定书"), to=SUBJECT, issuer=UNIT, adverse=True)
TERMINATION = Notice("termination", _("终止办理通知书"), to=SUBJECT, issuer=UNIT)
HEARING = Notice("hearing", _("拟撤销信用修复告知书"), to=SUBJECT, issuer=UNIT)
REVOCATION = Notice("revoked", _("撤销信用修复决定书"), SUBJECT, UNIT, adverse=True, ends=GRANTS)
DROPPED = Notice("dropped", _("不予撤销信用修复告知书"), to=SUBJECT, issuer=UNIT)
RESTORED = Notice("restored", _("恢复信用修复决定书"), to=SUBJECT, issuer=UNIT)

# --- steps

FILERS = (Role.SUBJECT, Role.OFFICE_CLERK)
PROPOSING = ("propose_grant", "propose_refusal")
HANDLING = (
    *("file", "amend", "submit", "request_supplement", "supplement", "accept"),
    *(*PROPOSING, "propose_revocation"),
)
ANOTHER = someone_else(*HANDLING)
NOT_ENDORSED = someone_else(*HANDLING, "send_back", "endorse")
NOT_AGAIN = did_not_take_the_annulled_decision("reopen", "grant", "refuse")
STOPPERS = (By(Role.OFFICE_APPROVER, office_owns), By(APPROVER, unless=office_owns))

STEPS = (
    Step(
        "file",
        None,
        DRAFT,
        by=FILERS,
        title=_("新建修复申请"),
        takes=Filing,
        effects=(keep_the_application,),
    ),
    *drafting(DRAFT, WITHDRAWN, Draft, keep_the_application),
    Step(
        "submit",
        DRAFT,
        SUBMITTED,
        by=FILERS,
        title=_("提交修复申请"),
        guards=(
            the_applicant_is_its_subject,
            it_is_still_disclosed_or_shared,
            class_and_regime_are_known,
            the_minimum_period_is_over,
            the_subject_is_not_barred,
            it_is_not_unrepairable,
            no_other_repair_is_open,
            the_reasons_are_given,
            each_duty_is_proven,
            the_commitment_is_made,
        ),
        effects=(publish_the_commitment,),
        notice=(APPLICATION, COMMITMENT, RECEIPT),
    ),
    *supplementing(
        SUBMITTED,
        SUPPLEMENTING,
        WITHDRAWN,
        by=PROVIDER,
        asks=SUPPLEMENT,
        ends=TERMINATION,
        clock="repair.supplement",
    ),
    Step("accept", SUBMITTED, EXAMINING, by=PROVIDER, title=_("受理"), notice=ACCEPTANCE),
    Step(
        "refuse_acceptance",
        SUBMITTED,
        NOT_ACCEPTED,
        by=APPROVER,
        title=_("不予受理"),
        takes=RefusalOfAcceptance,
        guards=(
            ANOTHER,
            did_not_take_the_annulled_decision("reopen_acceptance", "refuse_acceptance"),
            what_forbids_it_is_cited,
        ),
        effects=(keep_the_next_date,),
        notice=NOT_ACCEPTING,
        decides=True,
        burdens=True,
    ),
    Step(
        "extend",
        EXAMINING,
        by=APPROVER,
        title=_("延长办理期限"),
        takes=MoreTime,
        guards=(not_extended_before,),
        notice=EXTENSION,
    ),
    Step(
        "propose_grant",
        EXAMINING,
        PROPOSED,
        by=PROVIDER,
        title=_("提出准予修复"),
        takes=Grant,
        guards=(
            the_minimum_period_is_over,
            every_condition_is_examined,
            every_condition_is_met_with_proof,
        ),
        effects=(keep_the_grant,),
    ),
    Step(
        "propose_refusal",
        EXAMINING,
        PROPOSED,
        by=PROVIDER,
        title=_("提出不予修复"),
        takes=Refusal,
        effects=(keep_the_refusal,),
    ),
    Step("send_back", PROPOSED, EXAMINING, by=APPROVER, title=_("退回经办"), takes=Reasons),
    Step(
        "endorse",
        PROPOSED,
        APPROVING,
        by=APPROVER,
        title=_("审核同意"),
        guards=(ANOTHER,),
        endorses=True,
    ),
    Step(
        "return_proposal",
        APPROVING,
        EXAMINING,
        by=Role.OFFICE_APPROVER,
        title=_("退回认定单位"),
        takes=Reasons,
        guards=(the_office_may_return_it,),
    ),
    Step(
        "grant",
        APPROVING,
        EXECUTING,
        by=Role.OFFICE_APPROVER,
        title=_("准予修复"),
        guards=(
            a_grant_is_proposed,
            the_applicant_is_its_subject,
            the_minimum_period_is_over,
            the_record_is_not_revoked,
            no_other_case_repaired_it,
            NOT_ENDORSED,
            NOT_AGAIN,
        ),
        effects=(repair_the_record,),
        notice=GRANTED,
        decides=True,
    ),
    Step(
        "refuse",
        APPROVING,
        REFUSED,
        by=Role.OFFICE_APPROVER,
        title=_("不予修复"),
        takes=Reasons,
        guards=(a_refusal_is_proposed, NOT_ENDORSED, NOT_AGAIN),
        effects=(keep_the_next_date,),
        notice=REFUSAL,
        decides=True,
        burdens=True,
    ),
    Step(
        "finish",
        EXECUTING,
        REPAIRED,
        by=Role.SYSTEM,
        title=_("修复完成"),
        guards=(every_department_has_confirmed, all_receipts_are_in),
    ),
    cutting_off(EXECUTING),
    Step(
        "withdraw",
        UNDECIDED,
        WITHDRAWN,
        by=Role.FILER,
        title=_("撤回申请"),
        takes=Withdrawal,
        guards=(the_filer_wishes_it,),
        notice=TERMINATION,
    ),
    Step(
        "discontinue",
        UNDECIDED,
        DISCONTINUED,
        by=Role.SYSTEM,
        title=_("终止办理"),
        guards=(nothing_is_left_to_repair,),
        notice=TERMINATION,
    ),
    urge(*WITH_AUTHORITIES, effects=(remind_recipients,)),
    Step(
        "propose_revocation",
        REPAIRED,
        REVOKING,
        by=PROVIDER,
        title=_("提出撤销修复"),
        takes=Accusation,
        effects=(keep_the_accusation,),
        notice=HEARING,
    ),
    Step(
        "answer",
        REVOKING,
        by=Role.SUBJECT,
        title=_("陈述申辩"),
        takes=Answer,
        effects=(keep_the_answer,),
    ),
    Step(
        "revoke",
        REVOKING,
        REVOKED,
        by=Role.OFFICE_APPROVER,
        title=_("撤销修复"),
        takes=Reasons,
        guards=(
            the_subject_was_heard,
            the_record_is_not_revoked,
            ANOTHER,
            did_not_take_the_annulled_decision("restore_repair", "revoke"),
        ),
        effects=(revoke_the_repair,),
        notice=REVOCATION,
        decides=True,
        burdens=True,
    ),
    Step(
        "drop_revocation",
        REVOKING,
        REPAIRED,
        by=Role.OFFICE_APPROVER,
        title=_("不予撤销"),
        takes=Reasons,
        guards=(ANOTHER,),
        notice=DROPPED,
        decides=True,
    ),
    after_annulment(
        "reopen", REFUSED, EXAMINING, _("重新审查（不予修复被撤销）"), annuls=("grant", "refuse")
    ),
    after_annulment(
        "reopen_acceptance",
        NOT_ACCEPTED,
        SUBMITTED,
        _("重新审查受理（不予受理被撤销）"),
        annuls=("refuse_acceptance",),
    ),
    replace(
        after_annulment(
            "restore_repair",
            REVOKED,
            EXECUTING,
            _("恢复修复（撤销决定被撤销）"),
            annuls=("revoke",),
            effects=(repair_the_record,),
        ),
        guards=(the_record_is_not_revoked,),
        notice=RESTORED,
    ),
    *parallel(STATES, WITH_AUTHORITIES, STOPPERS, paused=(SUPPLEMENTING,)),
)

# --- clocks

APPLIED = ("submit", "reopen_acceptance")

CLOCKS = (
    Clock("draft.keep", starts=("file",), runs_in=(DRAFT,)),
    Clock("repair.accept", APPLIED, (SUBMITTED,), stops_in=(SUPPLEMENTING,)),
    Clock(
        "repair.total",
        (*APPLIED, "reopen"),
        BEFORE_DECISION,
        ends=("grant", "refuse"),
        stops_in=(SUPPLEMENTING,),
        extended_by=("extend", "repair.extension"),
    ),
    Clock(
        "repair.decide",
        ("accept", "reopen", "return_proposal"),
        (EXAMINING, PROPOSED),
        extended_by=("extend", "repair.extension"),
    ),
    Clock("repair.supplement", ("request_supplement",), (SUPPLEMENTING,), service=True),
    Clock("case.execute", ("grant", "restore_repair"), (EXECUTING,)),
    Clock("correction.synchronise", ("grant", "restore_repair"), (EXECUTING,)),
    Clock("repair.hearing", ("propose_revocation",), (REVOKING,), ends=("answer",)),
    Clock("repair.revoke", ("propose_revocation",), (REVOKING,), follows="repair.hearing"),
    standstill_clock((*WITH_AUTHORITIES, SUPPLEMENTING)),
)

REPAIR = Workflow("repair", _("信用修复"), "XF", STATES, STEPS, CLOCKS)
