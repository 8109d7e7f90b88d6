"""The words in which a kind of case is written: states, steps, guards, effects, clocks, notices."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypedDict, TypeVar, Unpack

if TYPE_CHECKING:
    from datetime import date

    from workflows.office import Actor, Facts, Office
    from workflows.rules import Rules


Input = TypeVar("Input")


class Asks(TypedDict, total=False):
    """What a Guard says of itself."""

    of_input: bool
    holds_from: Callable[[Any], date | None]
    clocks: tuple[str, ...]
    awaits: tuple[str, ...]
    excludes: tuple[str, ...]
    reopened_by: str


class Does(TypedDict, total=False):
    """What an Effect says of itself."""

    holds: bool
    releases: Whose
    left_to: str
    opens: tuple[OfKind, ...]
    ends: tuple[OfKind, ...]
    stops_parent: bool


def _(text: str) -> str:
    """Mark a text for gettext and return it unchanged; the office translates it when shown."""
    return text


class Role(StrEnum):
    """In what capacity somebody acts.

    SUBJECT, FILER (for whom a case was filed) and OWNER (whom its state waits for) follow from the
    case, SYSTEM is the clock, all others are held in a unit.
    """

    SUBJECT = "subject"
    FILER = "filer"
    OWNER = "owner"
    PROVIDER_HANDLER = "provider.handler"
    PROVIDER_APPROVER = "provider.approver"
    EXECUTOR_HANDLER = "executor.handler"
    EXECUTOR_APPROVER = "executor.approver"
    OFFICE_CLERK = "office.clerk"
    OFFICE_APPROVER = "office.approver"
    OFFICE_SUPERVISOR = "office.supervisor"
    ADMIN_SYSTEM = "admin.system"
    ADMIN_SECURITY = "admin.security"
    ADMIN_AUDIT = "admin.audit"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True)
class Source:
    """Where a rule of law is written; ``verified`` is False where its wording was not seen."""

    citation: str
    verified: bool = True


@dataclass(frozen=True)
class By:
    """A role that acts only in the cases for which ``when`` holds and ``unless`` does not.

    Two roles of which one acts ``when`` and the other ``unless`` the same holds: always one of them.
    """

    role: Role
    when: Callable[[Facts], bool] | None = None
    unless: Callable[[Facts], bool] | None = None

    def applies(self, facts: Facts) -> bool:
        """Whether this role acts in the case that ``facts`` tells of."""
        wanted = self.when is None or self.when(facts)
        return wanted and not (self.unless is not None and self.unless(facts))


Actors: TypeAlias = "Role | By | tuple[Role | By, ...]"


def bys(actors: Actors) -> tuple[By, ...]:
    """The roles of a state or step in one shape, in the order written."""
    several = actors if isinstance(actors, tuple) else (actors,)
    return tuple(one if isinstance(one, By) else By(one) for one in several)


@dataclass(frozen=True)
class State:
    """Where a case waits, or has ended.

    ``owner``: who must act, the first that applies. ``deadline``: the clocks whose passing is
    answered by an urging. ``final``: nothing follows; ``rest``: closed, but a named step reopens.
    ``borrows``: without a clock of its own, it is due with the cases that hold its sanction.
    """

    name: str
    title: str
    owner: Actors | None = None
    deadline: tuple[str, ...] = ()
    final: bool = False
    rest: bool = False
    borrows: bool = False

    @property
    def waiting(self) -> bool:
        """Whether somebody still has to act."""
        return not (self.final or self.rest)


@dataclass(frozen=True)
class Attempt(Generic[Input]):
    """One try to take one step: who, when, with what, and the two doors to the office.

    ``on`` is a day of Asia/Shanghai. While a guard is only asked whether the step is possible,
    ``input`` is None and guards marked ``of_input`` are left out.
    """

    step: Step
    on: date
    actor: Actor
    input: Input
    facts: Facts
    office: Office
    rules: Rules


@dataclass(frozen=True)
class Guard:
    """A tiny predicate with the sentence that explains its refusal, and the legal basis.

    ``holds_from``: of a condition that time alone fulfils, the first day on which it is met. What
    a condition proves by itself: ``clocks`` that it asks for, kinds of children of which none is
    open once it is met (``awaits``), steps whose takers it keeps out (``excludes``), and with
    ``reopened_by`` those that took them before that step.
    """

    check: Callable[[Any], bool]
    refusal: str | Callable[[Any], str]
    basis: Source
    of_input: bool = False
    holds_from: Callable[[Any], date | None] | None = None
    clocks: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    reopened_by: str | None = None

    @property
    def code(self) -> str:
        """The name under which the outside knows this condition."""
        return self.check.__name__

    def sentence(self, attempt: Attempt[Any]) -> str:
        """Why it is refused, in Chinese."""
        return self.refusal if isinstance(self.refusal, str) else self.refusal(attempt)


def guard(
    refusal: str | Callable[[Any], str], *, basis: Source, **asks: Unpack[Asks]
) -> Callable[[Callable[[Any], bool]], Guard]:
    """Make a predicate on an Attempt a Guard; ``of_input`` where it judges what was entered."""
    return lambda check: Guard(check, refusal, basis, **asks)


class Whose(Enum):
    """Whose holds an effect ends."""

    OWN = "own"
    PARENTS = "parents"


OfKind: TypeAlias = tuple[str, str]  # a kind of case, and one of its steps


@dataclass(frozen=True)
class Effect:
    """A consequence, and what the checker must know of it.

    ``holds``: it marks the records and holds their sanctions for the case. ``releases``: it ends
    marks and holds, all that the case has or, of the parent's, all that it is about; what is
    ``left_to`` the children of a kind, opened with it, is released by them. ``opens`` children by
    a step, ``ends`` those that are open by another. ``stops_parent``: the clocks of the parent
    stand still or go on with those of the case.
    """

    carry_out: Callable[[Any], None]
    holds: bool = False
    releases: Whose | None = None
    left_to: str | None = None
    opens: tuple[OfKind, ...] = ()
    ends: tuple[OfKind, ...] = ()
    stops_parent: bool = False

    def __call__(self, attempt: Attempt[Any]) -> None:
        """Have it done, inside the transaction of the step."""
        self.carry_out(attempt)

    @property
    def summary(self) -> str:
        """What happens, in one line."""
        return (self.carry_out.__doc__ or self.carry_out.__name__).strip().splitlines()[0]


def effect(**does: Unpack[Does]) -> Callable[[Callable[[Any], None]], Effect]:
    """Make a function on an Attempt an Effect."""
    return lambda carry_out: Effect(carry_out, **does)


class Party(StrEnum):
    """Who issues a notice or gets it."""

    FILER = "filer"
    SUBJECT = "subject"
    UNIT = "unit"  # the unit that handles the case: provider, department or office
    OFFICE = "office"
    OWNER = "owner"  # whoever the state waits for
    INFORMER = "informer"  # who tells the provider, by the rule `verification.informs`
    PUBLIC = "public"


@dataclass(frozen=True)
class Notice:
    """A formal notice; its template is ``templates/notices/<kind>/<name>.html``.

    Its series word is the rule ``series.<kind>.<name>``, its legal basis ``basis.<kind>.<name>``.
    ``adverse``: it burdens somebody and so names the remedies. ``ends``: the notices of the case
    that are not in force any more once it is issued.
    """

    name: str
    title: str
    to: Party
    issuer: Party = Party.OFFICE
    copies: tuple[Party, ...] = ()
    adverse: bool = False
    ends: tuple[str, ...] = ()


class From(Enum):
    """Where the choices of an entry come from when they depend on the case."""

    ITEMS = "items"
    PROVIDERS = "providers"
    ATTACHMENTS = "attachments"
    MESSAGES = "messages"
    RECORD_FIELDS = "record_fields"


class Shape(Enum):
    """How a text is entered."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"  # several short texts, one a line
    DOCUMENT = "document"  # the number of a document, or of an attachment
    UNIT = "unit"  # the name, code or number of a unit


@dataclass(frozen=True)
class Entry:
    """What an input field says of itself; form, API schema and field list are derived from it."""

    title: str
    shape: Shape = Shape.LINE
    choices: tuple[tuple[str, str], ...] | From | str | None = None  # a str names rule options
    maximum: int = 2000
    hint: str = ""


def entry(
    title: str,
    *,
    shape: Shape = Shape.LINE,
    choices: tuple[tuple[str, str], ...] | From | str | None = None,
    maximum: int = 2000,
    hint: str = "",
    default: Any = dataclasses.MISSING,
) -> Any:
    """A field of an input dataclass; without ``default`` it is required."""
    said = Entry(title, shape, choices, maximum, hint)
    return dataclasses.field(default=default, metadata={"entry": said})


def entries(takes: type) -> Iterator[tuple[dataclasses.Field[Any], Entry]]:
    """The fields of an input dataclass in order, each with what it says of itself."""
    return ((field, field.metadata["entry"]) for field in dataclasses.fields(takes))


@dataclass(frozen=True)
class Nothing:
    """The input of a step that needs none."""


@dataclass(frozen=True)
class Clock:
    """A deadline: started by steps, running in states, derived from the history alone.

    ``name`` is the rule that gives its length. It ends when the case leaves ``runs_in`` and
    ``stops_in``, or with a step of ``ends``; it stands still in ``stops_in`` and while a
    ``stop_clock`` is open. ``extended_by`` adds: a step name and either a rule (a length) or an
    input field written ``input:name`` (a date that replaces the due date). ``start_from`` and
    ``not_after`` name data of the starting step: another day to count from, and the latest day
    allowed. A clock that ``follows`` another, written before it, counts from the day that one ended
    or is due. A clock that counts from ``service`` begins anew on the day on which the notice of its
    starting step is proved served. One that ``never_stops`` goes on while the others stand still.
    A step that only reports what happened in a child (data ``of``) starts no clock.
    """

    name: str
    starts: tuple[str, ...]
    runs_in: tuple[State, ...]
    ends: tuple[str, ...] = ()
    stops_in: tuple[State, ...] = ()
    extended_by: tuple[str, str] | None = None
    start_from: str | None = None
    not_after: str | None = None
    follows: str | None = None
    service: bool = False
    never_stops: bool = False


@dataclass(frozen=True)
class Step:
    """One thing that somebody does, with one destination; ``to`` None leaves the state as it is.

    ``source`` None opens a case. ``decides``: the checker asks for a notice and for another
    person than the one who handled; ``burdens``: and for an adverse notice; ``endorses``: for
    another person alone. ``annuls``: the decisions that a court or review body took away.
    ``beside``: it notes a fact beside the states. ``touches_parent``: the parent is locked first,
    for its clocks stop or go on too.
    """

    name: str
    source: State | tuple[State, ...] | None
    to: State | None = None
    by: Actors = Role.SYSTEM
    title: str = ""
    takes: type = Nothing
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    notice: Notice | tuple[Notice, ...] = ()
    decides: bool = False
    burdens: bool = False
    endorses: bool = False
    annuls: tuple[str, ...] = ()
    beside: bool = False
    touches_parent: bool = False

    @property
    def sources(self) -> tuple[State, ...]:
        """The states from which it can be taken; empty for an opening."""
        if self.source is None:
            return ()
        return self.source if isinstance(self.source, tuple) else (self.source,)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What it issues, in the order written."""
        return self.notice if isinstance(self.notice, tuple) else (self.notice,)


@dataclass(frozen=True, eq=False)
class Workflow:
    """A kind of case, whole. ``outlives``: it may stay open when its parent has ended."""

    kind: str
    title: str
    prefix: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    clocks: tuple[Clock, ...] = ()
    version: int = 1
    outlives: bool = False

    def state(self, name: str) -> State:
        """The state of that name; KeyError where there is none."""
        return {state.name: state for state in self.states}[name]

    def step(self, name: str) -> Step:
        """The step of that name; KeyError where there is none."""
        return {step.name: step for step in self.steps}[name]
