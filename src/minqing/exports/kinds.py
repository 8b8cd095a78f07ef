"""Kinds of lists that may leave. Rooms above say what a list of theirs finds and shows; this room does the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.registry import Registry
from minqing.core.sheets.writing import Column

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """One list.

    ``roles``       who may take it out
    ``cleaned``     what the list's filters know of an address's query, the order too; the rest is dropped
    ``found``       rows of such a query that the actor may see, in the list's order
    ``worded``      a filter by its codes, as the journal holds it, as labels and words
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
    cleaned: Callable[[str], str]
    found: Callable[[Actor, str], QuerySet[Any]]
    worded: Callable[[Mapping[str, str]], Sequence[tuple[str, str]]]
    columns: Callable[[], Sequence[Column]]
    cells: Callable[[QuerySet[Any], Actor], Iterable[Sequence[object]]]


KINDS: Final = Registry[ExportKind](lambda kind: kind.code, partial(NotFound, "export_kind"))
