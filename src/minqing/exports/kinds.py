"""Kinds of lists that may leave. Rooms above say what a list of theirs finds and shows; this room does the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.registry import Registry
from minqing.core.sheets.writing import Column
from minqing.listing.kinds import Order, Waits, query_kept
from minqing.web.forms import in_words

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise


# what may be said of a filter where nothing is ever taken away: one of the choices, a number, a day or a tick
CODES: Final = (forms.ChoiceField, forms.IntegerField, forms.DateField, forms.BooleanField)
# an address is never taken in longer than this
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """One list.

    ``roles``       who may take it out
    ``form``        the list's filters for the values of an address
    ``found``       rows that the actor may see and that the filters of such a form leave
    ``orders``      those of the list, and its ``queues``: the table is what the list shows, and in its order
    ``columns``     headings of the table
    ``cells``       of rows that ``found`` gave, as the actor may read them; nobody's private words
    ``left_out``    what of the list is not in the table, in a sentence
    ``list_url``    name of the list's address, ``ask_url`` of the page that asks for its export
    """

    code: str
    label: StrOrPromise
    left_out: StrOrPromise
    roles: Set[str]
    list_url: str
    ask_url: str
    form: Callable[[QueryDict], forms.Form]
    found: Callable[[Actor, Any], QuerySet[Any]]
    orders: Mapping[str, Order] = field(default_factory=dict)
    queues: Waits | None = None
    columns: Callable[[], Sequence[Column]]
    cells: Callable[[QuerySet[Any], Actor], Iterable[Sequence[object]]]

    def cleaned(self, query: str, actor: Actor) -> str:
        """What the list knows of an address's query; the rest is dropped."""
        given = QueryDict(query[:LONGEST])
        return query_kept(self.form(given), given, actor, orders=self.orders, queues=self.queues)

    def rows_of(self, actor: Actor, query: str) -> QuerySet[Any]:
        """What the list shows the actor at such an address, in its order."""
        asked = QueryDict(query)
        rows = self.found(actor, self.form(asked))
        if self.queues and "queue" in asked:
            rows = self.queues.within(rows, str(asked["queue"]), actor)
        if self.orders:
            usual = next(iter(self.orders.values()))
            rows = rows.order_by(*self.orders.get(str(asked.get("order")), usual).fields)
        return rows

    def told(self, query: str) -> dict[str, str]:
        """The filter as the journal may hold it: codes, figures and days; of other words only that there were some."""
        fields = self.form(QueryDict()).fields
        named = {name for name, one in fields.items() if isinstance(one, CODES)} | {"queue", "order"}
        return {name: str(value) if name in named else "*" for name, value in QueryDict(query).items()}

    def worded(self, told: Mapping[str, str]) -> list[tuple[str, str]]:
        """A filter by its codes, as the journal holds it, as labels and words."""
        queue = self.queues.get(told.get("queue", "")) if self.queues else None
        words = [(_("What waits"), str(queue.label))] if queue else []
        fields = self.form(QueryDict()).fields
        return words + [
            (str(fields[name].label), value if value == "*" else in_words(fields[name], value))
            for name, value in told.items()
            if name in fields
        ]


KINDS: Final = Registry[ExportKind](lambda kind: kind.code, partial(NotFound, "export_kind"))
