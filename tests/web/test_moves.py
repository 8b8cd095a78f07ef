"""A table of moves: what is offered to whom, and what becomes of the form that is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django import forms

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, NotFound, Refused, Stale
from minqing.core.words import Word
from minqing.web.forms import done_now, note_sent_again
from minqing.web.moves import MoveForm, MoveRow, MoveTable


class Move(Word):
    LEND = "lend", "Lend", "Lent"
    GIVE = "give", "Give away", "Given away"
    BURN = "burn", "Burn", "Burnt"


@dataclass
class Book:
    state: str = "here"
    done: list[str] = field(default_factory=list)


class WhyForm(MoveForm):
    words = forms.CharField()

    def about(self, row: Book, by: Actor) -> None:
        self.fields["words"].label = f"Why, {by.name}?"


def lend(book: Book, words: str) -> None:
    if words == "none":
        raise Conflict("gone", "Somebody has it.")
    book.done.append(words)


def refuse() -> None:
    raise Refused("not_yours")


TABLE = MoveTable[Book, Move](
    address=lambda _book, verb: f"/books/{verb}",
    subject=lambda _book: "book:1",
    version=lambda book, _move: book.state,
    told=lambda _subject: (),
    opens=lambda move, book: move is not Move.LEND or book.state == "here",
    may=lambda move, by, _book: Decision.yes() if move is not Move.BURN else Decision.no("never", f"No, {by.name}."),
    rows=(
        MoveRow(move=Move.BURN, make=lambda _book, _said, _by: refuse(), main=True),
        MoveRow(move=Move.LEND, make=lambda book, said, _by: lend(book, said["words"]), form=WhyForm, main=True),
        MoveRow(
            move=Move.GIVE,
            verb="away",
            label="Away with it",
            which=lambda book, _said: Move.GIVE if book.state == "here" else Move.BURN,
            make=lambda book, _said, _by: book.done.append("away"),
            main=True,
        ),
    ),
)
BY = Actor(id=None, kind="system", name="reader")


def sent(verb: str, book: Book, **values: Any) -> MoveForm:
    form = TABLE.form(TABLE.named(verb), book, BY)
    return TABLE.form(TABLE.named(verb), book, BY, {"seen": form.token, **values})


def test_what_is_open_and_allowed_is_offered_and_the_first_that_goes_on_stands_out() -> None:
    offers = TABLE.offers(Book(), BY)
    assert [(one.verb, str(one.label), one.main) for one in offers] == [
        ("lend", "Lend", True),
        ("away", "Away with it", False),
    ]
    assert offers[0].form["words"].label == "Why, reader?"
    assert [(one.verb, one.reason) for one in TABLE.not_now(Book(), BY)] == [("burn", "No, reader.")]


def test_what_a_service_refuses_stands_in_the_offer_with_what_was_typed() -> None:
    book = Book()
    form = sent("lend", book, words="none")
    assert TABLE.make(form, book, BY) is None
    (offer, _other) = TABLE.offers(book, BY, form)
    assert (offer.form.non_field_errors(), offer.form["words"].value()) == (["Somebody has it."], "none")
    assert TABLE.make(sent("lend", book, words=""), book, BY) is None


def test_with_a_move_that_is_not_there_any_more_the_form_has_no_page_to_stand_on() -> None:
    for words in ("none", ""):
        form = sent("lend", Book("lent"), words=words)
        with pytest.raises(Conflict, match="not_open"):
            TABLE.make(form, Book("lent"), BY)


def test_what_was_done_is_told_as_what_it_was_and_done_once() -> None:
    book = Book()
    assert TABLE.make(sent("lend", book, words="read it"), book, BY) is Move.LEND
    note_sent_again(True)
    assert TABLE.make(sent("lend", book, words="read it"), book, BY) is Move.LEND
    note_sent_again(False)
    assert (TABLE.make(sent("away", book), book, BY), done_now()) == (Move.GIVE, "give")
    # once more it finds its own change, and is told what it did
    book.state = "lent"
    note_sent_again(True, lambda what: what == "give")
    assert TABLE.make(sent("away", book), book, BY) is Move.GIVE
    note_sent_again(False)
    assert TABLE.make(sent("away", book), book, BY) is Move.BURN
    book.done.pop()
    assert book.done == ["read it", "away"]


def test_who_may_not_comes_too_late_or_asks_for_what_there_is_not_is_told_on_a_page() -> None:
    book = Book()
    with pytest.raises(Refused):
        TABLE.make(sent("burn", book), book, BY)
    form = TABLE.form(TABLE.named("away"), book, BY)
    late = TABLE.form(TABLE.named("away"), Book("lent"), BY, {"seen": form.token})
    with pytest.raises(Stale):
        TABLE.make(late, book, BY)
    with pytest.raises(NotFound):
        TABLE.named("eat")
