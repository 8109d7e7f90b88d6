"""The law: the kinds of case, and the rules with the numbers that law or city sets."""

from workflows.correction import CORRECTION
from workflows.grammar import Workflow
from workflows.objection import OBJECTION
from workflows.repair import REPAIR
from workflows.suspension import SUSPENSION
from workflows.verification import VERIFICATION

WORKFLOWS: dict[str, Workflow] = {
    one.kind: one for one in (OBJECTION, VERIFICATION, SUSPENSION, CORRECTION, REPAIR)
}
