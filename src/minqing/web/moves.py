"""What can be done with a thing, as forms: one row in one table for each move, shown, sent and refused in one way.

A room writes its :class:`MoveTable` in its forms. Its page shows :meth:`MoveTable.offers` by ``web/parts/moves.html``;
what is sent goes to :meth:`MoveTable.make`, or to :func:`sent`, which answers too. What a service finds wrong stands in
the form that was sent, with all that was typed; where the thing has no such move any more, on a page of its own, with
the same. Who may make a move, and when, the room's rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, NotFound, StoredValue
from minqing.core.words import Word
from minqing.web.forms import Data, OnceSeenMixin, done_before, note_done, was_sent_again

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = TypeVar("Row")
M = TypeVar("M", bound=Word)
# the values of a form's fields
Said: TypeAlias = Mapping[str, Any]
NOT_OPEN = gettext_lazy(
    "This is not possible any more: look at where it stands by now. What you wrote is not stored; it stands below."
)


class MoveForm(OnceSeenMixin):
    """What is asked for with a move. As it stands, nothing: one press."""

    verb: str = ""

    def about(self, row: Any, by: Actor) -> None:
        """Fit the fields to what is moved, and to who does it."""


@dataclass(frozen=True, kw_only=True)
class MoveRow(Generic[Row, M]):
    """One move: what it is called in an address, what it asks for, and the service that makes it.

    ``which`` says what it is of this thing, or after what was said, where one form makes one of two moves. ``main`` are
    those that go on as usual: the first of them stands out. ``folded`` ones are opened before they are filled in.
    ``sure`` is asked before the press.
    """

    move: M
    make: Callable[[Row, Said, Actor], object]
    form: type[MoveForm] = MoveForm
    verb: str = ""
    label: StrOrPromise = ""
    which: Callable[[Row, Said], M] | None = None
    main: bool = False
    folded: bool = False
    note: Callable[[Row], StrOrPromise] = lambda _row: ""
    sure: Callable[[Row], StrOrPromise] = lambda _row: ""

    @property
    def named(self) -> str:
        """As it stands in an address."""
        return self.verb or self.move.value

    def of(self, row: Row, said: Said | None = None) -> M:
        return self.which(row, said or {}) if self.which else self.move

    def called(self, row: Row) -> StrOrPromise:
        return self.label or self.of(row).label


@dataclass(frozen=True)
class Offer:
    """A move on a page, with its form."""

    verb: str
    label: StrOrPromise
    form: MoveForm
    address: str
    main: bool
    folded: bool
    note: StrOrPromise
    sure: StrOrPromise


class NotNow(NamedTuple):
    """A move that is open, and why it is not this actor's."""

    verb: str
    label: StrOrPromise
    reason: StrOrPromise
    code: str


@dataclass(frozen=True, kw_only=True)
class MoveTable(Generic[Row, M]):
    """The moves of one kind of thing.

    ``address`` of a move of a thing; ``subject`` is the thing in the journal, ``version`` how it stood when its page
    was made, ``told`` who has changed it since. ``opens``: whether its state has the move at all; ``may``: whether this
    actor may make it now.
    """

    address: Callable[[Row, str], str]
    subject: Callable[[Row], str]
    version: Callable[[Row, M], object]
    told: Callable[[str], Sequence[StoredValue]]
    opens: Callable[[M, Row], bool]
    may: Callable[[M, Actor, Row], Decision]
    rows: Sequence[MoveRow[Row, M]]

    def named(self, verb: str) -> MoveRow[Row, M]:
        """What an address names; of what only the system does there is no such page."""
        found = next((one for one in self.rows if one.named == verb), None)
        if found is None:
            raise NotFound("move")
        return found

    def form(self, one: MoveRow[Row, M], row: Row, by: Actor, data: Data = None) -> MoveForm:
        """On what stands there now."""
        subject, form = self.subject(row), one.form(data, auto_id=f"{one.named}-%s")
        form.verb = one.named
        form.about(row, by)
        form.stands_at(subject, self.version(row, one.of(row)), told=partial(self.told, subject))
        return form

    def offers(self, row: Row, by: Actor, sent: MoveForm | None = None) -> list[Offer]:
        """What this actor may do now; the form that was ``sent`` comes back with what is wrong in it."""
        allowed = [one for one in self.rows if self.opens(one.of(row), row) and self.may(one.of(row), by, row)]
        first = next((one for one in allowed if one.main), None)
        return [
            Offer(
                verb=one.named,
                label=one.called(row),
                form=sent if sent and sent.verb == one.named else self.form(one, row, by),
                address=self.address(row, one.named),
                main=one is first,
                folded=one.folded,
                note=one.note(row),
                sure=one.sure(row),
            )
            for one in allowed
        ]

    def not_now(self, row: Row, by: Actor) -> list[NotNow]:
        """What the state of the thing has and this actor may not do."""
        decided = [(one, self.may(one.of(row), by, row)) for one in self.rows if self.opens(one.of(row), row)]
        return [
            NotNow(one.named, one.called(row), decision.reason, decision.code)
            for one, decision in decided
            if not decision
        ]

    def make(self, form: MoveForm, row: Row, by: Actor) -> M | None:
        """What was done; None where something is wrong, which the form then says.

        The same form again is told what it did the first time. Raises Conflict or Refused where something is wrong and
        the page does not have the form any more: what was typed stands on theirs.
        """
        one = self.named(form.verb)
        if was_sent_again():
            return next((move for move in type(one.move) if done_before(move.value)), one.of(row))
        if form.is_valid():
            made = one.of(row, form.cleaned_data)
            if form.tried(lambda: (one.make(row, form.cleaned_data, by),)):
                if one.which:
                    note_done(made.value)
                return made
        if not self.opens(one.of(row), row):
            raise Conflict("not_open", NOT_OPEN)
        self.may(one.of(row), by, row).require()
        return None

    def sent(
        self,
        request: HttpRequest,
        verb: str,
        row: Row,
        by: Actor,
        *,
        done: Callable[[], HttpResponse],
        again: Callable[[MoveForm], HttpResponse],
    ) -> HttpResponse:
        """Make the move that was sent and go where it leads, with a word of what was done; or its page ``again``."""
        form = self.form(self.named(verb), row, by, request.POST)
        made = self.make(form, row, by)
        if made is None:
            return again(form)
        messages.success(request, _("%(done)s.") % {"done": made.done})
        return done()
