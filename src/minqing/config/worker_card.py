"""The card of a folder's worker: which one it is, so that the next takes over from one that was killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.db import connection


@contextmanager
def locked_card(card: Path | None) -> Iterator[TextIO | None]:
    """The card, opened and locked; None where another worker holds it, or none is wanted."""
    import fcntl

    if card is None:
        yield None
        return
    with card.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        file.seek(0)
        bury(file.read().strip())
        yield file


def bury(worker: str) -> None:
    """Its process is gone, or the card would be locked: its jobs belong to nobody from now on."""
    if worker.isdigit():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers WHERE id = %s", [int(worker)])


def rewrite(card: TextIO, text: str) -> None:
    card.truncate(0)
    card.write(text)
    card.flush()
