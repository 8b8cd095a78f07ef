"""What the house holds of a person: every personal field is reached, and somebody erased is found nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction

from minqing.core import clock
from minqing.core.errors import Conflict
from minqing.journal.models import Event
from minqing.matters.enums import State
from minqing.matters.models import Reporter
from minqing.matters.queries.publishable import objects
from minqing.org.queries import system_actor
from minqing.privacy import subjects, withholding
from minqing.privacy.access import acting_as
from minqing.privacy.fields import EncryptedTextField
from tests.architecture.of_rooms import brought
from tests.cast import Cast
from tests.privacy import canary
from tests.privacy.catalog import our_models

# what no request of a resident erases, with the reason
WITHOUT = brought("UNERASED")
# what they hold of somebody are keys, codes, choices and places on the map
WORDLESS = {
    "households_duplicate",
    "households_householdcode",
    "households_move",
    "points_holder",
    "sync_photo",
    "sync_photopiece",
    "visits_visit",
}


def personal() -> Iterator[tuple[str, str]]:
    """Each field of the house that is personal or sensitive, by its model."""
    for model in our_models():
        for name in (*model.Privacy.personal, *model.Privacy.sensitive):  # type: ignore[attr-defined]
            yield f"{model._meta.app_label}.{model.__name__}", name


def reached() -> set[tuple[str, str]]:
    holdings = [one for room in subjects.ROOMS for one in room.holdings]
    return {
        (model, name) for model, name in personal() if any(one.model == model and one.reaches(name) for one in holdings)
    }


def test_every_personal_field_is_erased_by_some_room_or_says_why_not() -> None:
    without = {(model, name) for model, names in WITHOUT.items() for name in names}
    missing = set(personal()) - reached() - without
    assert missing == set(), (
        "let the room's erase reach it (its subjects.py), or give a reason in its matrix (UNERASED)"
    )


def test_what_goes_with_ones_own_records_is_covered_in_those_of_others() -> None:
    """A text of one's own record may stand in a neighbour's too, and tell of the same person there."""
    all_of_them = [one for room in subjects.ROOMS for one in room.holdings]
    texts = {
        (one.model, name) for one in all_of_them for name, value in one.blank.items() if value in ("", subjects.GONE)
    }
    covered = {(one.model, name) for one in all_of_them for name in one.covered}
    alone = {(model, name) for model, names in brought("OWN_TEXTS").items() for name in names}
    assert texts & set(personal()) - covered == alone, "cover it in others' rows, or say in OWN_TEXTS why it is no need"


def test_the_exceptions_are_no_longer_than_they_must_be() -> None:
    without = {(model, name) for model, names in WITHOUT.items() for name in names}
    assert without - set(personal()) == set(), "gone, or no longer personal"
    assert without & reached() == set(), "erased by now"


def test_what_is_said_to_be_reached_is_there() -> None:
    fields = {
        f"{model._meta.app_label}.{model.__name__}": {one.name for one in model._meta.get_fields()}
        for model in our_models()
    }
    for room in subjects.ROOMS:
        for holding in room.holdings:
            assert holding.model.partition(".")[0] == room.room
            assert {*holding.blank, *holding.covered} <= fields[holding.model], holding.model


def tables_reached() -> set[str]:
    """Tables with words of somebody, or of others about them, that some room's erase says it reaches."""
    told = {(one.model, name) for room in subjects.ROOMS for one in room.holdings for name in one.covered}
    fields = {apps.get_model(model)._meta.get_field(name) for model, name in told | (reached() & set(personal()))}
    words = (models.TextField, models.JSONField, EncryptedTextField, models.CharField)
    return {one.model._meta.db_table for one in fields if isinstance(one, words)}


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR = tmp_path / "var"
    return tmp_path


def erased(cast: Cast, placed: canary.Placed) -> dict[str, int]:
    with transaction.atomic(), cast.everything() as by:
        return subjects.erase_person(person=placed.person(cast), by=by, at=clock.now())


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with others"])
def test_somebody_erased_is_found_in_no_table_index_or_file(committed_cast: Cast, folder: Path, alone: bool) -> None:
    with transaction.atomic():
        placed = canary.place(committed_cast, folder, alone=alone)
        table = folder / f"{canary.NAME}.xlsx"
    table.unlink()
    places = (Path(settings.VAR), Path(default_storage.location))  # type: ignore[attr-defined]
    before = canary.traces(folders=places)
    missing = tables_reached() - {one.partition(".")[0] for one in before} - WORDLESS
    assert sorted(missing) == [], "let CANARY of the room's matrix place the person there"
    done = erased(committed_cast, placed)
    assert all(done[room] for room in ("households", "visits", "matters", "publications", "partners", "notify"))
    # of a home in which somebody lives on the place stays
    strings = canary.STRINGS if alone else tuple(set(canary.STRINGS) - {canary.ADDRESS, canary.WORDS})
    assert canary.traces(strings, folders=places) == set()
    assert default_storage.exists(placed.picture) is not alone


def test_the_journal_keeps_that_it_was_done_and_no_word(committed_cast: Cast, folder: Path) -> None:
    with transaction.atomic():
        placed = canary.place(committed_cast, folder)
    erased(committed_cast, placed)
    with transaction.atomic(), committed_cast.everything():
        told = set(
            Event.objects.filter(type__endswith=".person.erased", subject="test:1").values_list("type", flat=True)
        )
    assert {"households.person.erased", "visits.person.erased", "matters.person.erased"} <= told


@pytest.mark.django_db
def test_a_copy_holds_what_the_person_said_and_nobody_else(cast: Cast, folder: Path) -> None:
    placed = canary.place(cast, folder)
    with cast.everything():
        sections = {one.code: one for one in subjects.copy_of(placed.person(cast))}
    assert {"person", "tags", "visits", "matters"} <= set(sections)
    assert sections["person"].rows[0]["identity_number"] == canary.IDENTITY
    assert sections["matters"].rows[0]["text"] == canary.ABOUT
    everything = str([[*one.rows] for one in sections.values()])
    staff = [account.name for account in cast.people.values()]
    assert [name for name in [*staff, "何桂香"] if name in everything] == []


@pytest.mark.django_db
def test_nobody_is_erased_while_a_matter_is_being_handled(cast: Cast, folder: Path) -> None:
    placed = canary.place(cast, folder)
    with acting_as(cast.actor("clerk")):
        cast.matter(household=placed.home)
    with pytest.raises(Conflict) as refused:
        erased(cast, placed)
    assert refused.value.code == "still_busy"
    with cast.everything():
        assert placed.person(cast).name == canary.NAME


@pytest.mark.django_db
def test_correcting_reaches_the_file_and_the_matters(cast: Cast, folder: Path) -> None:
    placed = canary.place(cast, folder)
    with acting_as(system_actor("test")) as by:
        person = placed.person(cast)
        done = subjects.correct_person(person=person, values={"phone": "13900001111"}, by=by, at=clock.now())
        assert done == {"households": 1, "matters": 1}
        again = placed.person(cast)
        assert again.phones == {"13900001111"}
        assert subjects.copy_of(again)[0].rows[0]["phone"] == "13900001111"


@pytest.mark.django_db
def test_an_objection_ends_messages_calls_and_what_is_told_to_the_public(cast: Cast, folder: Path) -> None:
    placed = canary.place(cast, folder)
    with acting_as(system_actor("test")) as by:
        done = subjects.withhold_person(person=placed.person(cast), by=by, at=clock.now())
        placed.matter.refresh_from_db()
        assert placed.matter.objection
    assert done == {"matters": 1, "publications": 1, "notify": 1, "privacy": 1}


@pytest.mark.django_db
def test_nobody_is_called_or_written_to_at_a_number_whose_owner_objected_whatever_comes_in_later(cast: Cast) -> None:
    person = subjects.Person(cause="test:1", name="何桂香", phones=frozenset({"13857500001"}))
    with cast.everything() as by:
        for _time in range(2):
            withholding.withhold(person=person, by=by, at=clock.now())
        assert withholding.is_withheld("13857500001")
        assert not withholding.is_withheld("13857500002")
        later = cast.matter(state=State.FINISHED, finished_at=clock.now(), lead_unit=cast.office)
        Reporter.objects.create(matter=later, name="何桂香", phone="13857500001")
        assert objects(later.pk)
        assert withholding.forget(person=person, by=by, at=clock.now()) == 1
        assert not withholding.is_withheld("13857500001")
        assert not objects(later.pk)


@pytest.mark.django_db
def test_the_objection_of_a_number_stands_while_somebody_else_on_file_has_it(cast: Cast) -> None:
    both = frozenset({"13857500001", "13857500002"})
    person = subjects.Person(cause="test:1", name="何桂香", phones=both, shared=frozenset({"13857500001"}))
    with cast.everything() as by:
        withholding.withhold(person=person, by=by, at=clock.now())
        assert withholding.forget(person=person, by=by, at=clock.now()) == 1
        assert [withholding.is_withheld(one) for one in sorted(both)] == [True, False]
