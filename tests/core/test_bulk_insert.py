"""Rows of several tables in one statement: all of them or none, as the ORM would have stored them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from minqing.core.bulk_insert import insert_rows
from minqing.journal.models import Event
from minqing.matters.models import Phrase
from tests.cast import Cast

AT = datetime(2026, 2, 14, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def event(type: str = "test.thing.done") -> Event:
    return Event(type=type, source="/test", at=AT, actor="system:test", data={"n": 1, "名": ["O'Hara", None]})


def test_rows_of_two_tables_are_stored_by_one_statement(cast: Cast, django_assert_num_queries: object) -> None:
    phrase, told = Phrase(title="已收", text="谢谢 '%s' %d", changed_at=AT, area=cast.own), event()
    with django_assert_num_queries(1):  # type: ignore[operator]
        insert_rows(phrase, told)
    assert Phrase.objects.get(pk=phrase.pk).text == "谢谢 '%s' %d"
    kept = Event.objects.get(pk=told.pk)
    assert (kept.data, kept.at) == ({"n": 1, "名": ["O'Hara", None]}, AT)
    assert kept.seq > 0, "what the database fills in is left to it"
    assert not phrase._state.adding
    phrase.title = "已办"
    phrase.save()
    assert Phrase.objects.get().title == "已办"


def test_of_rows_of_which_one_cannot_be_none_is_stored(cast: Cast) -> None:
    told = event()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(told, Phrase(title="", text="", changed_at=AT))
    assert not Event.objects.filter(pk=told.pk).exists()
