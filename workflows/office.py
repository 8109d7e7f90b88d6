"""The two doors between the law and the office: what guards may ask, what effects may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflows.grammar import Role


class Actor(Protocol):
    """Who acts: a person in a unit or for subjects, or the clock (``person_id`` None)."""

    @property
    def person_id(self) -> int | None:
        """The person; None for the clock."""

    @property
    def unit_id(self) -> int | None:
        """The unit in which the person holds its roles."""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held in that unit; SUBJECT where somebody acts for a subject."""

    @property
    def subjects(self) -> frozenset[int]:
        """The subjects for which the person acts: itself, or as an agent."""


@dataclass(frozen=True)
class CaseFact:
    """A case as the law sees it. ``open`` is False in final states and states of rest.

    ``law_version``: under which version of the law its family was opened.
    """

    number: str
    kind: str
    law_version: int
    state: str
    open: bool
    unit: int
    parent: str | None
    subject: int | None
    filer_person: int | None
    filer_unit: int | None
    filed_on: date
    details: Mapping[str, Any]  # the columns that only this kind has, plain values


@dataclass(frozen=True)
class ItemFact:
    """One contested point. ``unit``: the provider asked last; ``unreviewed``: 未经审核."""

    id: int
    position: int
    record: int
    field: str
    ground: str
    claim: str
    unit: int
    finding: str | None
    value: str | None
    reasons: str
    own_error: bool
    unreviewed: bool
    outcome: str | None


@dataclass(frozen=True)
class AnswerFact:
    """What a verification reports on an item, endorsed or not."""

    item: int
    finding: str
    value: str | None
    unit: int | None
    reasons: str
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class RecordFact:
    """A record. ``ended_by`` tells why it is no longer valid (revoke, delete, repair …).

    ``decided_on``: the day of the determination, from which all its periods count;
    ``disclosed_until``: the last day of disclosure, whatever its file says.
    """

    id: int
    label: str
    version: int
    provider: int
    subject: int
    content: Mapping[str, Any]
    decided_on: date
    severity: str | None
    regime: str | None
    ended_on: date | None
    ended_by: str | None
    annotated_by: frozenset[str]
    disclosed: bool
    disclosed_until: date | None
    shared: bool


@dataclass(frozen=True)
class SanctionFact:
    """A sanction and all that its execution depends on, on the day of the attempt.

    ``records``: on which it rests; ``supported``: at least one of them supports it;
    ``holders``: numbers of the cases that hold it now; ``held_by``: that held it ever;
    ``suspension``: number of the open suspension; ``over``: its period has ended. ``measure``,
    ``basis``, ``by``: what is done, by which law, and the name of the department that does it;
    ``runs_until``: the last day, with all that suspensions have added so far.
    """

    id: int
    label: str
    mandatory: bool
    department: int
    subject: int
    starts_on: date
    ends_on: date | None
    over: bool
    lifted: bool
    supported: bool
    records: frozenset[int]
    holders: frozenset[str]
    held_by: frozenset[str]
    suspension: str | None
    suspension_state: str | None
    measure: str
    basis: str
    by: str
    runs_until: date | None


@dataclass(frozen=True)
class TakenFact:
    """A step that was taken; ``actor`` None is the clock."""

    seq: int
    step: str
    source: str | None
    to: str
    actor: int | None
    on: date
    data: Mapping[str, Any]


@dataclass(frozen=True)
class RivalFact:
    """Another objection on the same record and ground, open or dismissed on it.

    Of a repair: another repair of the same record, whose ``ground`` is empty.
    """

    number: str
    record: int
    ground: str
    open: bool
    dismissed: bool


@dataclass(frozen=True)
class AttachmentFact:
    """A file of the case; ``after_seq``: the last step that had been taken when it came."""

    id: int
    title: str
    proves: str
    by: int
    after_seq: int
    filename: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class MessageFact:
    """What a recipient of a record was sent. ``settled``: receipted or cut off."""

    id: int
    recipient: str
    settled: bool


@dataclass(frozen=True)
class UnitFact:
    """A unit and what it does."""

    id: int
    name: str
    provides: bool
    executes: bool
    office: bool


class Facts(Protocol):
    """What a guard may ask about the case it stands before. Nothing here changes anything."""

    def case(self) -> CaseFact:
        """The case itself."""

    def parent(self) -> CaseFact | None:
        """The case that opened it."""

    def children(self, kind: str) -> Sequence[CaseFact]:
        """Its children of a kind, oldest first."""

    def siblings(self, kind: str) -> Sequence[CaseFact]:
        """The children of a kind of its parent, itself included; none without a parent."""

    def items(self) -> Sequence[ItemFact]:
        """The items of an objection; of a verification or correction: those it is about."""

    def answers(self) -> Sequence[AnswerFact]:
        """What a verification has reported so far."""

    def records(self) -> Sequence[RecordFact]:
        """The records that the case is about."""

    def was_executed(self, record: int) -> bool:
        """Whether a sanction was executed on the strength of a record, one day at least so far."""

    def sanctions(self) -> Sequence[SanctionFact]:
        """The sanctions resting on those records; of a suspension: its own."""

    def history(self) -> Sequence[TakenFact]:
        """The steps taken, oldest first."""

    def rivals(self) -> Sequence[RivalFact]:
        """Other objections on the same records and grounds, or repairs of the same record."""

    def attachments(self) -> Sequence[AttachmentFact]:
        """The files of the case."""

    def barred_until(self) -> date | None:
        """The last day on which the subject may apply for no repair; None where it may."""

    def messages(self) -> Sequence[MessageFact]:
        """What the recipients of its records were sent by this case."""

    def due(self, clock: str) -> date | None:
        """When a clock of the case is due; None where it does not run or stands still."""

    def passed(self, clock: str) -> bool:
        """Whether a clock that runs was due before the day of the attempt."""

    def unstorable(self, values: Mapping[str, str]) -> Sequence[str]:
        """Which of the values cannot stand in their field of a record: titles of the fields."""

    def unit(self, reference: str | int) -> UnitFact | None:
        """A unit by number, code or name."""


class Office(Protocol):
    """What an effect may have done, all of it inside the transaction of the step."""

    def annotate(self, records: Iterable[int]) -> None:
        """Mark records as contested by this case (异议标注)."""

    def end_annotation(self, records: Iterable[int], of: str) -> None:
        """End the annotation of records by case ``of``."""

    def hold(self, records: Iterable[int]) -> None:
        """Hold, for this case, each sanction on the records; open or renew its suspension."""

    def release(self, sanctions: Iterable[int], of: str) -> None:
        """End the holds of case ``of``; the suspension of a sanction no longer held follows."""

    def settle(self, records: Iterable[int]) -> None:
        """Order lifted each sanction on the records that no valid record supports any more."""

    def open(self, kind: str, step: str, **details: Any) -> str:
        """Open a child by one of its opening steps; gives its number."""

    def order(self, number: str, step: str) -> None:
        """Take a SYSTEM step of a child in the same transaction."""

    def keep(self, **details: Any) -> None:
        """Remember values in the columns that only this kind of case has."""

    def keep_answers(self, answers: Iterable[AnswerFact]) -> None:
        """Replace what this verification reports."""

    def keep_item(self, item: int, **values: Any) -> None:
        """Set finding, value, reasons, unit or outcome of an item of the objection."""

    def change_record(self, record: int, kind: str, values: Mapping[str, str], basis: str) -> None:
        """Make a new version of a record; disclosure and sharing follow the kind of change."""

    def repair_record(self, record: int) -> None:
        """The record is repaired: disclosure, sharing and use end."""

    def undo_repair(self, record: int) -> None:
        """The record is what it was without the repair: disclosed for the rest of its period."""

    def inform_recipients(self, records: Iterable[int]) -> None:
        """Send every recipient of the records a message that must be receipted."""

    def remind_recipients(self) -> None:
        """Send once more what is not settled."""

    def cut_off(self, message: int, reason: str) -> None:
        """End the sharing with the recipient of a message; stands for its receipt."""

    def order_sanction(self, what: str | None) -> None:
        """The order under way on the sanction of this suspension: resume, lift or none."""

    def hold_as_confirmed(self) -> None:
        """Holds that wait for the confirmation of a mandatory measure take effect."""

    def end_sanction(self, on: date, places: Sequence[str]) -> None:
        """The sanction of this suspension is lifted for good."""

    def resume_sanction(self, on: date) -> None:
        """The sanction of this suspension is executed again."""

    def end_holds(self) -> None:
        """The department declined: no case holds this sanction any more."""

    def replace_draft(self, values: Mapping[str, Any]) -> None:
        """Save statement and items of an objection that is still a draft."""

    def stop_parent(self, *, stopped: bool) -> None:
        """Let the clocks of the parent, where there is one, stand still too, or go on."""
