"""Who may take which step in which state: written by hand from the law (processes.md).

A row is a step and a role that takes it, a column a state. `Y` it may, as the case stands; `n` it
is its step, but something else is wanting; `.` it is its step, but not in this state; `-` it is
not its step in this state. A role that has no row for a step does not take it in any state.
Another table says who sees the case at all.
"""

from __future__ import annotations

OFFICE = "clerk approver supervisor"
OWN_SIDE = "subject agent"
PROVIDER = "provider provider-approver"
EXECUTOR = "executor executor-approver"

EVERYBODY = (
    *("subject", "agent", "stranger", "clerk", "approver", "supervisor"),
    *("provider", "provider-approver", "provider2", "provider2-approver"),
    *("executor", "executor-approver", "executor2", "executor2-approver"),
    *("admin-system", "admin-security", "admin-audit", "nobody", "anonymous", "SYSTEM"),
)

ROLES: dict[str, dict[str, str]] = {
    "objection": {
        "subject": "subject filer",
        "agent": "subject filer",
        "clerk": "office.clerk",
        "approver": "office.approver",
        "supervisor": "office.supervisor",
    },
    "verification": {
        "clerk": "office.clerk",
        "approver": "office.approver",
        "supervisor": "office.supervisor",
        "provider": "provider.handler",
        "provider-approver": "provider.approver",
    },
    "suspension": {
        "subject": "subject",
        "agent": "subject",
        "clerk": "office.clerk",
        "approver": "office.approver",
        "supervisor": "office.supervisor",
        "executor": "executor.handler",
        "executor-approver": "executor.approver",
    },
    "correction": {
        "subject": "subject",
        "agent": "subject",
        "clerk": "office.clerk",
        "approver": "office.approver",
        "supervisor": "office.supervisor",
        "provider": "provider.handler",
        "provider-approver": "provider.approver",
    },
    "own_error": {
        "subject": "subject",
        "agent": "subject",
        "clerk": "office.clerk",
        "approver": "office.approver",
        "supervisor": "office.supervisor",
    },
    "repair": {
        "subject": "subject filer",
        "agent": "subject filer",
        "clerk": "office.clerk",
        "approver": "office.approver",
        "supervisor": "office.supervisor",
        "provider": "provider.handler",
        "provider-approver": "provider.approver",
    },
}
"""Who stands in which roles in a case of a kind; whoever is not named does not see it.

A draft is seen by its filer alone. A provider does not see the objection, only what it is asked.
"""

TABLES: dict[str, str] = {}

TABLES["objection"] = """
                                           draft submitted supplementing verifying deciding executing closed withdrawn not_accepted
amend                   filer              Y     .         .             .         .        .         .      .         .
discard                 filer              Y     .         .             .         .        .         .      .         .
discard                 SYSTEM             n     .         .             .         .        .         .      .         .
submit                  subject            Y     .         .             .         .        .         .      .         .
submit                  office.clerk       -     .         .             .         .        .         .      .         .
request_supplement      office.clerk       -     Y         .             .         .        .         .      .         .
supplement              filer              .     .         Y             .         .        .         .      .         .
lapse                   SYSTEM             .     .         n             .         .        .         .      .         .
accept                  office.clerk       -     Y         .             .         .        .         .      .         .
refuse                  office.approver    -     Y         .             .         .        .         .      .         .
correct_own_error       office.clerk       -     Y         .             Y         .        .         .      .         .
redirect                office.clerk       -     .         .             n         .        .         .      .         .
redirect_nowhere        office.clerk       -     .         .             n         .        .         .      .         .
extend                  office.approver    -     .         .             Y         Y        .         .      .         .
findings_complete       SYSTEM             .     .         .             n         .        .         .      .         .
return_for_verification office.approver    -     .         .             .         Y        .         .      .         .
uphold                  office.approver    -     .         .             .         n        .         .      .         .
dismiss                 office.approver    -     .         .             .         Y        .         .      .         .
close                   SYSTEM             .     .         .             .         .        n         .      .         .
withdraw                filer              .     Y         Y             Y         .        .         .      .         .
urge                    office.supervisor  -     Y         .             Y         Y        Y         .      .         .
urge                    SYSTEM             .     Y         .             Y         Y        Y         .      .         .
reopen                  office.approver    -     .         .             .         .        .         Y      .         .
reopen_acceptance       office.approver    -     .         .             .         .        .         .      .         Y
note_review             office.clerk       Y     Y         Y             Y         Y        Y         Y      Y         Y
note_review_ended       office.clerk       n     n         n             n         n        n         n      n         n
served                  SYSTEM             Y     Y         Y             Y         Y        Y         Y      Y         Y
stop_clock              office.approver    -     Y         .             Y         Y        Y         .      .         .
restart_clock           filer              .     -         n             -         -        -         -      -         -
restart_clock           office.clerk       -     n         -             n         -        n         -      -         -
restart_clock           office.approver    -     -         -             -         n        -         -      -         -
restart_clock           SYSTEM             .     n         n             n         n        n         .      .         .
"""

TABLES["verification"] = """
                                      issued verifying reported closed cancelled
acknowledge       provider.handler    Y      .         .        .      .
ask_for_time      provider.handler    .      Y         .        .      .
grant_time        provider.approver   .      n         .        .      .
report            provider.handler    .      Y         .        .      .
send_back         provider.approver   .      .         Y        .      .
endorse           provider.approver   .      .         Y        .      .
urge              office.supervisor   Y      Y         Y        .      .
urge              SYSTEM              Y      Y         Y        .      .
expire            SYSTEM              n      n         n        .      .
cancel            SYSTEM              Y      Y         Y        .      .
note_review       office.clerk        Y      Y         Y        Y      Y
note_review_ended office.clerk        n      n         n        n      n
served            SYSTEM              Y      Y         Y        Y      Y
stop_clock        provider.approver   Y      Y         Y        .      .
restart_clock     provider.handler    n      n         -        -      -
restart_clock     provider.approver   -      -         n        -      -
restart_clock     SYSTEM              n      n         n        .      .
"""

TABLES["suspension"] = """
                                      ordered suspended declined resuming resumed lifting lifted
confirm           executor.handler    Y       .         .        .        .       .       .
decline           executor.approver   n       .         .        .        .       .       .
order_resume      SYSTEM              n       n         .        .        .       .       .
order_lift        SYSTEM              n       n         .        n        .       .       .
confirm_resumed   executor.handler    .       .         .        Y        .       .       .
confirm_resumed   office.supervisor   .       .         .        n        .       .       .
confirm_lifted    executor.handler    .       .         .        .        .       Y       .
confirm_lifted    office.supervisor   .       .         .        .        .       n       .
hold_again        SYSTEM              .       .         .        n        .       .       .
urge              office.supervisor   Y       Y         .        Y        .       Y       .
urge              SYSTEM              Y       Y         .        Y        .       Y       .
note_review       office.clerk        Y       Y         Y        Y        Y       Y       Y
note_review_ended office.clerk        n       n         n        n        n       n       n
served            SYSTEM              Y       Y         Y        Y        Y       Y       Y
stop_clock        executor.approver   Y       -         .        Y        .       Y       .
stop_clock        office.approver     -       Y         -        -        -       -       -
restart_clock     executor.handler    n       -         -        n        -       n       -
restart_clock     office.clerk        -       n         -        -        -       -       -
restart_clock     SYSTEM              n       n         .        n        .       n       .
"""

TABLES["correction"] = """
                                           ordered corrected synchronising restoring done moot
correct                provider.handler    Y       .         .             .         .    .
send_back              provider.approver   .       Y         .             .         .    .
approve                provider.approver   .       Y         .             .         .    .
carry_out              office.approver     n       n         .             .         .    .
moot                   SYSTEM              n       n         .             .         .    .
synchronised           SYSTEM              .       .         n             .         .    .
synchronised_harmless  SYSTEM              .       .         n             .         .    .
restore                office.clerk        .       .         .             Y         .    .
withdraw_publication   provider.approver   Y       .         .             .         .    .
cut_off                office.supervisor   .       .         n             .         .    .
urge                   office.supervisor   Y       Y         Y             Y         .    .
urge                   SYSTEM              Y       Y         Y             Y         .    .
note_review            office.clerk        Y       Y         Y             Y         Y    Y
note_review_ended      office.clerk        n       n         n             n         n    n
served                 SYSTEM              Y       Y         Y             Y         Y    Y
stop_clock             provider.approver   Y       Y         -             -         .    .
stop_clock             office.approver     -       -         Y             Y         -    -
restart_clock          provider.handler    n       -         -             -         -    -
restart_clock          provider.approver   -       n         -             -         -    -
restart_clock          office.clerk        -       -         n             n         -    -
restart_clock          SYSTEM              n       n         n             n         .    .
"""

# What follows `correct_own_error`: the office carries the correction out, no provider has a part.
TABLES["own_error"] = """
                                           ordered corrected synchronising restoring done
correct                office.clerk        Y       .         .             .         .
send_back              office.approver     .       Y         .             .         .
approve                office.approver     .       Y         .             .         .
carry_out              office.approver     n       n         .             .         .
moot                   SYSTEM              n       n         .             .         .
synchronised           SYSTEM              .       .         n             .         .
synchronised_harmless  SYSTEM              .       .         n             .         .
restore                office.clerk        .       .         .             Y         .
withdraw_publication   provider.approver   Y       .         .             .         .
cut_off                office.supervisor   .       .         n             .         .
urge                   office.supervisor   Y       Y         Y             Y         .
urge                   SYSTEM              Y       Y         Y             Y         .
note_review            office.clerk        Y       Y         Y             Y         Y
note_review_ended      office.clerk        n       n         n             n         n
served                 SYSTEM              Y       Y         Y             Y         Y
stop_clock             office.approver     Y       Y         Y             Y         .
restart_clock          office.clerk        n       -         n             n         -
restart_clock          office.approver     -       n         -             -         -
restart_clock          SYSTEM              n       n         n             n         .
"""

TABLES["repair"] = """
                                       draft submitted supplementing examining proposed approving executing repaired revoking revoked refused not_accepted withdrawn discontinued
amend              filer               Y     .         .             .         .        .         .         .        .        .       .       .            .         .
discard            filer               Y     .         .             .         .        .         .         .        .        .       .       .            .         .
discard            SYSTEM              n     .         .             .         .        .         .         .        .        .       .       .            .         .
submit             subject             Y     .         .             .         .        .         .         .        .        .       .       .            .         .
submit             office.clerk        -     .         .             .         .        .         .         .        .        .       .       .            .         .
request_supplement provider.handler    -     Y         .             .         .        .         .         .        .        .       .       .            .         .
supplement         filer               .     .         Y             .         .        .         .         .        .        .       .       .            .         .
lapse              SYSTEM              .     .         n             .         .        .         .         .        .        .       .       .            .         .
accept             provider.handler    -     Y         .             .         .        .         .         .        .        .       .       .            .         .
refuse_acceptance  provider.approver   -     Y         .             .         .        .         .         .        .        .       .       .            .         .
extend             provider.approver   -     .         .             Y         .        .         .         .        .        .       .       .            .         .
propose_grant      provider.handler    -     .         .             Y         .        .         .         .        .        .       .       .            .         .
propose_refusal    provider.handler    -     .         .             Y         .        .         .         .        .        .       .       .            .         .
send_back          provider.approver   -     .         .             .         Y        .         .         .        .        .       .       .            .         .
endorse            provider.approver   -     .         .             .         Y        .         .         .        .        .       .       .            .         .
return_proposal    office.approver     -     .         .             .         .        Y         .         .        .        .       .       .            .         .
grant              office.approver     -     .         .             .         .        Y         .         .        .        .       .       .            .         .
refuse             office.approver     -     .         .             .         .        n         .         .        .        .       .       .            .         .
finish             SYSTEM              .     .         .             .         .        .         n         .        .        .       .       .            .         .
cut_off            office.supervisor   -     .         .             .         .        .         n         .        .        .       .       .            .         .
withdraw           filer               .     Y         Y             Y         Y        Y         .         .        .        .       .       .            .         .
discontinue        SYSTEM              .     n         n             n         n        n         .         .        .        .       .       .            .         .
urge               office.supervisor   -     Y         .             Y         Y        Y         Y         .        Y        .       .       .            .         .
urge               SYSTEM              .     Y         .             Y         Y        Y         Y         .        Y        .       .       .            .         .
propose_revocation provider.handler    -     .         .             .         .        .         .         Y        .        .       .       .            .         .
answer             subject             .     .         .             .         .        .         .         .        Y        .       .       .            .         .
revoke             office.approver     -     .         .             .         .        .         .         .        n        .       .       .            .         .
drop_revocation    office.approver     -     .         .             .         .        .         .         .        Y        .       .       .            .         .
reopen             office.approver     -     .         .             .         .        .         .         .        .        .       Y       .            .         .
reopen_acceptance  office.approver     -     .         .             .         .        .         .         .        .        .       .       Y            .         .
restore_repair     office.approver     -     .         .             .         .        .         .         .        .        Y       .       .            .         .
note_review        office.clerk        Y     Y         Y             Y         Y        Y         Y         Y        Y        Y       Y       Y            Y         Y
note_review_ended  office.clerk        n     n         n             n         n        n         n         n        n        n       n       n            n         n
served             SYSTEM              Y     Y         Y             Y         Y        Y         Y         Y        Y        Y       Y       Y            Y         Y
stop_clock         provider.approver   -     Y         .             Y         Y        -         -         .        -        .       .       .            .         .
stop_clock         office.approver     -     -         -             -         -        Y         Y         -        Y        -       -       -            -         -
restart_clock      filer               .     -         n             -         -        -         -         -        -        -       -       -            -         -
restart_clock      provider.handler    -     n         -             n         -        -         -         -        -        -       -       -            -         -
restart_clock      provider.approver   -     -         -             -         n        -         -         -        -        -       -       -            -         -
restart_clock      office.approver     -     -         -             -         -        n         -         -        n        -       -       -            -         -
restart_clock      office.clerk        -     -         -             -         -        -         n         -        -        -       -       -            -         -
restart_clock      SYSTEM              .     n         n             n         n        n         n         .        n        .       .       .            .         .
"""

Table = dict[str, dict[str, dict[str, str]]]
"""Step → role → state → mark."""


def table_of(kind: str) -> Table:
    """A table as it can be asked."""
    head, *lines = TABLES[kind].strip("\n").splitlines()
    states = head.split()
    found: Table = {}
    for line in lines:
        step, role, *marks = line.split()
        assert len(marks) == len(states), line
        found.setdefault(step, {})[role] = dict(zip(states, marks, strict=True))
    return found


def states_of(kind: str) -> list[str]:
    """The states that a table tells of."""
    return TABLES[kind].strip("\n").splitlines()[0].split()


def sees(kind: str, state: str, who: str) -> bool:
    """Whether somebody sees a case of that kind in that state at all."""
    if state == "draft":
        return who in {*OWN_SIDE.split(), "SYSTEM"}
    return who == "SYSTEM" or who in ROLES[kind]


def mark(table: Table, kind: str, state: str, who: str, step: str) -> str:
    """What the table says of somebody: the best of what it says of its roles."""
    roles = ["SYSTEM"] if who == "SYSTEM" else ROLES[kind].get(who, "").split()
    said = [table[step][role][state] for role in roles if role in table[step]]
    return min(said, key="Yn.-".index, default="-")
