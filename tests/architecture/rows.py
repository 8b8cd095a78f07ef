"""A check of each row of a table, as a few tests: one cast for many rows, and all that are wrong told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.cast import Cast

# how many tests the rows are dealt out to, so that every core has its part
SHARES = 8
Check = Callable[[Cast, Any], None]


@contextmanager
def undone() -> Iterator[None]:
    """One row sees nothing of another's: what it stored is rolled back, what it counted forgotten."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def each(rows: Sequence[Any], *, shares: int = SHARES) -> Callable[[Check], Callable[..., None]]:
    """Make a test of a check of one row, dealt out to ``shares`` tests; each tells all of its rows that are wrong."""

    def decorate(check: Check) -> Callable[..., None]:
        @pytest.mark.parametrize("share", range(shares))
        def walked(cast: Cast, share: int) -> None:
            wrong = []
            for row in rows[share::shares]:
                try:
                    with undone():
                        check(cast, row)
                except AssertionError as error:
                    wrong.append(f"{row}: {error}")
                except Exception as error:
                    error.add_note(f"at {row}")
                    raise
            assert not wrong, "\n\n".join(wrong)

        walked.__name__, walked.__doc__, walked.__module__ = check.__name__, check.__doc__, check.__module__
        return walked

    return decorate
