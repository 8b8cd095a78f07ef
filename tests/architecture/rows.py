"""A check of each row of a table, as a few tests: one cast for many rows, and all that are wrong told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.cast import Cast, session_of

# how many tests the rows are dealt out to, so that every core has its part
SHARES = 8
Check = Callable[[Any, Any], None]
# the papers that were set in this process, each by its style
SET: set[str] = set()


@contextmanager
def undone() -> Iterator[None]:
    """One row sees nothing of another's: what it stored is rolled back, what it counted forgotten."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def drafts() -> Iterator[None]:
    """Each kind of paper is set once in a process; after that its text stands for it, in which words can be found."""
    # it takes a second to load
    from minqing.web import typesetting

    truly = typesetting.typeset

    def typeset(html: str, *, style: str) -> bytes:
        if style in SET:
            return html.encode()
        SET.add(style)
        return truly(html, style=style)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typesetting, "typeset", typeset)
        yield


def as_it_is(cast: Cast) -> Cast:
    return cast


def each(
    rows: Sequence[Any], *, shares: int = SHARES, laid: Callable[[Cast], Any] = as_it_is
) -> Callable[[Check], Callable[..., None]]:
    """Make a test of a check of one row, dealt out to ``shares`` tests; each tells all of its rows that are wrong.

    A check is given what ``laid`` makes of the cast, once for all rows, and its row.
    """

    def decorate(check: Check) -> Callable[..., None]:
        @pytest.mark.parametrize("share", range(shares))
        def walked(cast: Cast, share: int) -> None:
            wrong = []
            given = laid(cast)
            # made once for all rows, and there again after each
            cast.sessions.update({role: session_of(account) for role, account in cast.people.items()})
            for row in rows[share::shares]:
                try:
                    with drafts(), undone():
                        check(given, row)
                except AssertionError as error:
                    wrong.append(f"{row}: {error}")
                except Exception as error:
                    error.add_note(f"at {row}")
                    raise
            assert not wrong, "\n\n".join(wrong)

        walked.__name__, walked.__doc__, walked.__module__ = check.__name__, check.__doc__, check.__module__
        return walked

    return decorate
