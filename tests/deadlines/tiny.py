"""A room that is not matters: letters, each with a clock in its unit's hours. Its tables are made by the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import connections, models
from django.db.models import QuerySet

from minqing.config.embedded import APP
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.core.words import Word
from minqing.deadlines import rows as deadlines
from minqing.deadlines.books import Book, Upkeep
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import next_rung
from minqing.deadlines.rows import clock_rules, extension_rules, pause_rules
from minqing.deadlines.services import deadline_of


class Letter(deadlines.Timed):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    answered = models.BooleanField(default=False)
    told = models.TextField(default="")

    class Meta:
        app_label = "tiny"


class LetterClock(deadlines.Clock):
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="clocks")

    class Meta:
        app_label = "tiny"
        indexes, constraints = clock_rules("letter", "tiny")


class LetterPause(deadlines.Pause):
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="pauses")

    class Meta:
        app_label = "tiny"
        indexes, constraints = pause_rules("letter", "tiny")


class LetterExtension(deadlines.Extension):
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="extensions")
    clock = models.ForeignKey(LetterClock, on_delete=models.CASCADE, related_name="extensions")

    class Meta:
        app_label = "tiny"
        indexes, constraints = extension_rules("letter", "tiny")


TABLES: Final[tuple[type[models.Model], ...]] = (Letter, LetterClock, LetterPause, LetterExtension)


class Kind(Word):
    ANSWER = "answer", "Answer"
    FIRST = "first", "First word"


class Way(Word):
    LETTER = "letter", "Letter"


class Reason(Word):
    PROOF = "proof", "Proof of who asks"


LETTERS: Final = Book[LetterClock](
    room="letters", of="letter", clock=LetterClock, pause=LetterPause, extension=LetterExtension,
    own=frozenset({Kind.ANSWER}), reference="tests.deadlines", label="Letters", kinds=Kind, ways=Way, reasons=Reason,
)  # fmt: skip


def unanswered() -> QuerySet[Letter]:
    return Letter.objects.filter(answered=False)


def tell(row: LetterClock, sentence: Any, before: datetime | None, *, by: Actor, at: datetime) -> None:
    save(row.letter, deadline_of(LETTERS, row), told=str(sentence).format(before=before, after=row.due_at))


def climb(letter: Letter, *, by: Actor, at: datetime) -> Letter:
    above = next_rung(LETTERS, Rung(letter.rung))
    return save(letter, {"rung": above.rung.value}) if above else letter


def save(letter: Letter, *changes: dict[str, Any], **more: Any) -> Letter:
    for name, value in {**{key: one for found in changes for key, one in found.items()}, **more}.items():
        setattr(letter, name, value)
    letter.save()
    return letter


UPKEEP: Final = Upkeep(book=LETTERS, running=unanswered, moved=tell, escalate=climb)


@contextmanager
def tables() -> Iterator[None]:
    """As an upgrade makes them, by the owner."""
    owner = connections["owner"]
    with owner.schema_editor() as editor:
        for table in TABLES:
            editor.create_model(table)
    with owner.cursor() as cursor:
        names = ", ".join(table._meta.db_table for table in TABLES)
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {names} TO {APP}")
    try:
        yield
    finally:
        with owner.schema_editor() as editor:
            for table in reversed(TABLES):
                editor.delete_model(table)
        owner.close()
