"""One thing that ``minqing doctor`` looked at. Rooms have checks of their own, which they declare.

The operator's page shows the same: a job looks (:func:`examine`) and keeps what it found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """One thing checked: whether it is well, what was seen, and how to mend it.

    ``page`` is the name of the page on which the operator can mend it, where there is one; with ``known`` false nobody
    can say from here whether it is well.
    """

    name: StrOrPromise
    well: bool
    seen: str
    mend: StrOrPromise = ""
    page: str = ""
    known: bool = True


# one look or several at once
Check = Callable[[], Finding | Iterable[Finding]]


def summarize(counts: Counter[str], *, nothing: str) -> str:
    """``3 hotline, 1 police``: the most first, and how many more there are."""
    shown = [f"{count} {name}" for name, count in counts.most_common(MOST_NAMED)]
    more = len(counts) - MOST_NAMED
    return ", ".join([*shown, f"… {more}"] if more > 0 else shown) or nothing


def count_finding(
    name: StrOrPromise, counts: Iterable[str] | Counter[str], mend: StrOrPromise, page: str = ""
) -> Finding:
    """Well where there is nothing to count."""
    found = counts if isinstance(counts, Counter) else Counter(counts)
    return Finding(name, not found, summarize(found, nothing=_("none")), mend, page)


def examine() -> list[Finding]:
    """All that the doctor looks at from within a running system; who does it is said in the settings."""
    found: list[Finding] = import_string(settings.DOCTOR)()
    return found
