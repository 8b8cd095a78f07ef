"""One thing that ``minqing doctor`` looked at. Rooms have checks of their own, which they declare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """One thing checked: whether it is well, what was seen, and how to mend it."""

    name: StrOrPromise
    well: bool
    seen: str
    mend: StrOrPromise = ""


# one look or several at once
Check = Callable[[], Finding | Iterable[Finding]]


def summarize(counts: Counter[str], *, nothing: str) -> str:
    """``3 hotline, 1 police``: the most first, and how many more there are."""
    shown = [f"{count} {name}" for name, count in counts.most_common(MOST_NAMED)]
    more = len(counts) - MOST_NAMED
    return ", ".join([*shown, f"… {more}"] if more > 0 else shown) or nothing


def count_finding(name: StrOrPromise, counts: Iterable[str] | Counter[str], mend: StrOrPromise) -> Finding:
    """Well where there is nothing to count."""
    found = counts if isinstance(counts, Counter) else Counter(counts)
    return Finding(name, not found, summarize(found, nothing=_("none")), mend)
