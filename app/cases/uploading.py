"""The form with which a file is added to a case, on the page of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.cases.applying import proofs
from app.cases.choices import Pairs
from app.cases.forms import UploadForm, offered
from app.errors import Invalid, RedressError
from app.people.actor import Actor
from workflows.grammar import Role

NOTHING_IN_PARTICULAR: Final = ("", "整个案件")
SIGNED_WISH: Final = ("withdrawal", "申请人签名的撤回申请")
"""What a clerk attaches before withdrawing for somebody (processes.md, Objection)."""
FILED: Final = frozenset({"objection", "repair"})
"""The kinds that somebody files, and may withdraw."""


def upload_form(
    told: Mapping[str, Any],
    actor: Actor,
    sent: UploadForm | None = None,
    error: RedressError | None = None,
) -> UploadForm | None:
    """The form, with what was sent and why it was not taken; None for whoever only looks on.

    `told`: the overview of the case.
    """
    if not any(one.mine for one in told["steps"]):
        return None
    form = sent or UploadForm(formdata=None)
    proven = [NOTHING_IN_PARTICULAR, *_provable(told)]
    if told["case"].kind in FILED and Role.OFFICE_CLERK in actor.roles:
        proven.append(SIGNED_WISH)
    form.proves.choices = offered(proven)
    if error is not None:
        form.refuse(error.faults if isinstance(error, Invalid) else {"file": error.detail})
    return form


def _provable(told: Mapping[str, Any]) -> Pairs:
    if told["case"].kind == "repair":
        return proofs(told["facts"])
    return [
        (str(one["id"]), f"事项{one['position']}：{one['field_title']}") for one in told["items"]
    ]
