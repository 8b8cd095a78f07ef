"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households import rules as household_rules
from minqing.households import services as households
from minqing.households.enums import Closed, Purpose
from minqing.households.models import Duplicate, Household, Move, Resident, TagGrant
from minqing.org.enums import FIELD, Role
from minqing.org.models import Area
from minqing.privacy.access import acting_as
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ALL, LEADING, Line, door, grant, household, resident
from tests.architecture.offers import Scene, in_own
from tests.architecture.reasons import ADDS_ROWS, ONE_ROW, PARENT_FIRST, READS_ONLY, RUNS_ALONE, WHOSE
from tests.cast import Cast


def tags(cast: Cast, actor: Actor) -> Any:
    return household_rules.may_grant_tag(actor, cast.own.id, ())


def moved(cast: Cast, actor: Actor) -> Any:
    return household_rules.may_move(actor, cast.own.id, cast.own.id)


def keeps_tags(_cast: Cast, actor: Actor) -> Any:
    return household_rules.may_keep_tags(actor)


def a_tag(_cast: Cast, _area: Any) -> tuple[str, ...]:
    return ("veteran",)


OPERATOR = {Role.OPERATOR}
REACH = {"operator": ALL}
change = at_home(household_rules.may_change)
codes = at_home(household_rules.may_issue_codes)


def duplicate(cast: Cast, area: Area) -> tuple[Any, ...]:
    """Two entries of one person in one household, whom nobody has decided about."""
    (key,) = resident(cast, area)
    with cast.everything():
        one = Resident.objects.select_related("household").get(pk=key)
        other = Resident.objects.create(household=one.household, area=one.area, name=one.name, born_on=one.born_on)
        first, second = sorted((one, other), key=lambda person: person.pk)
        made = Duplicate.objects.create(resident=first, twin=second, reasons=["birth"], found_at=clock.now())
    return (made.pk,)


def a_move(cast: Cast, area: Area) -> tuple[Any, ...]:
    """A person came from another household of that area."""
    (key,) = resident(cast, area)
    with cast.everything():
        home = Household.objects.create(number=f"M-{new_id().hex[-12:]}", area=area)
        one = Resident.objects.get(pk=key)
        made = Move.objects.create(together=new_id(), household_id=one.household_id, resident=one, from_household=home,
                                   relation="other", from_area=area, to_area=area, made_at=clock.now(),
                                   made_by="system:test")  # fmt: skip
    return (made.together,)


def merges(cast: Cast, actor: Actor) -> Any:
    return household_rules.may_merge(actor, cast.own.id, cast.own.id)


MERGES = {Role.VILLAGE_SECRETARY, Role.CLERK}
LINES = {
    "households:duplicates": Line(MERGES),
    "households:duplicate": Line(MERGES, at=duplicate),
    "households:duplicate_undo": Line(MERGES, at=duplicate, post=True, ok=302),
    "households:file": Line(FIELD, at=household),
    "households:list": Line(FIELD),
    "households:search": Line(FIELD, post=True),
    "households:scan": Line(FIELD),
    "households:typed": Line(FIELD, ok=404),  # nothing was typed
    "households:opened": Line(FIELD, at=door, ok=302),
    "households:plates": Line(LEADING),
    "households:plates_pdf": Line(LEADING, ok=404),  # no area was named
    "households:add": Line(FIELD),
    "households:edit": Line(FIELD, at=household),
    "households:close": Line(FIELD, at=household, post=True),
    "households:move": Line(FIELD),
    "households:moved": Line(FIELD, at=a_move),
    "households:move_undo": Line(FIELD, at=a_move, post=True, ok=302),
    "households:person_add": Line(FIELD, at=household),
    "households:code": Line(FIELD, at=household),
    "households:tags": Line(FIELD, at=household),
    "households:person": Line(FIELD, at=resident),
    "households:person_move": Line(FIELD, at=resident),
    "households:person_left": Line(FIELD, at=resident, post=True),
    "households:reveal": Line(FIELD, at=resident, post=True),
    "households:tag_revoke": Line(FIELD, at=grant, post=True),
    "households:kept_tags": Line(OPERATOR),
    "households:kept_add": Line(OPERATOR),
    "households:kept_tag": Line(OPERATOR, at=a_tag, reach=REACH),
    "households:kept_aside": Line(OPERATOR, at=a_tag, reach=REACH, post=True, ok=302),
    "households:kept_up": Line(OPERATOR, at=a_tag, reach=REACH, post=True, ok=302),
}
BY_OTHER_WAYS = {
    "households:typed": "the form of the scanner's page, whose number was not typed",
    "households:opened": "a plate's code, read by the camera",
    "households:plates_pdf": "by the form of the plates' page",
    "households:moved": "from the file of who moved: a walk opens one file, and that may be another's",
}
TOLD_BY = {
    "households.services.moves.move_households": "households.household.updated",
    "households.services.duplicates.carry_tags": "households.resident.merged",
    "households.services.duplicates.merge": "households.resident.merged",
    "households.services.duplicates.part": "households.resident.parted",
    "households.services.duplicates.put_down": "households.duplicates.found",
    "households.services.duplicates.look_again": "households.duplicates.found",
    "households.subjects.erase_at_home": "households.person.erased",
    "households.imports.storing.write_grants": "households.import.loaded",
    "households.services.households.take_along": "households.household.updated",
    "households.services.moves.mark_undone": "households.household.updated",
}
ONE_TAG = "one row under its lock, of which the page says the version"
LOCKED = {
    "households.subjects.erase_at_home": PARENT_FIRST,
    "households.services.codes.issue_missing_codes": "households in the order of their numbers",
    "households.services.households.save_household": ONE_ROW,
    "households.services.households.close_household": PARENT_FIRST,
    "households.services.residents.save_resident": PARENT_FIRST,
    "households.services.rows.locked_household": ONE_ROW,
    "households.services.rows.held_household": ONE_ROW,
    "households.services.rows.held_households": "in the order of their ids",
    "households.services.rows.locked_resident": ONE_ROW,
    "households.services.tags.grant_tag": PARENT_FIRST,
    "households.services.tags.revoke_tag": ONE_ROW,
    "households.services.households.carry_households": "its households are locked by the change of areas, in order",
    "households.imports.storing.write": "rows in the order of the batch; a lost race is tried once more",
    "households.services.households.take_along": PARENT_FIRST,
    "households.services.reference.load_tags": ONE_ROW,
    "households.services.tag_upkeep.change_tag": ONE_ROW,
    "households.services.tag_upkeep.in_use": ONE_ROW,
    "households.services.tag_upkeep.save_tag": ONE_ROW,
    "households.queries.duplicates.visible_duplicate": "after its households and people",
    "households.services.duplicates.carry_tags": PARENT_FIRST,
    "households.services.duplicates.held_people": "in the order of their ids, before the pairs",
    "households.services.duplicates.look_again": "pairs in the order of their ids, after the people",
    "households.services.duplicates.put_down": "after the people, whom it holds",
    "households.services.duplicates.held_pair": "households, then people, each in the order of their ids",
    "households.services.duplicates.merge": PARENT_FIRST,
    "households.services.duplicates.part": PARENT_FIRST,
    "households.services.residents.leave_household": PARENT_FIRST,
    "households.services.moves.move_resident": PARENT_FIRST,
    "households.services.moves.move_households": "households in the order of their ids",
    "households.services.moves.held_homes": "in the order of their ids",
    "households.services.moves.carried": "households that are held, and what hangs on them",
    "households.services.moves.settle": PARENT_FIRST,
    "households.services.moves.undo_move": "households, people, notes of moves, each in the order of their ids",
    "households.services.moves.mark_undone": "rows that are held",
    "households.queries.moves.moves_together": "after households and people, in the order of households",
    "households.services.tags.make_room": PARENT_FIRST,
}
UNPAIRED = {
    "households.services.reference.load_tags": RUNS_ALONE,
    "households.services.tag_upkeep.add_tag": ADDS_ROWS,
    "households.services.tag_upkeep.change_tag": ONE_TAG,
    "households.services.tag_upkeep.put_tag_aside": ONE_TAG,
    "households.services.tag_upkeep.save_tag": ONE_TAG,
    "households.services.tag_upkeep.take_tag_up": ONE_TAG,
    "households.services.residents.reveal_number": READS_ONLY,
}
INSIDE = {
    "households.services.duplicates.propose_duplicates",
    "households.services.households.carry_households",
    "households.services.reference.load_tags",
}
OTHERWISE = {
    "minqing.households.services.residents.save_resident": "corrects; what a form adds is add_resident",
    "minqing.households.services.codes.issue_new": "issue_code and reissue_code",
    "minqing.households.services.codes.fresh_code": "issue_code and reissue_code",
}
BY_SERVICE = {
    "households.forms.NewTagForm": "households.services.tag_upkeep.add_tag",
    "households.forms.CodeForm": "households.services.codes.reissue_code",
}
ADDS = {
    "TagForm",
}
UNSEEN = {
    "plates.html": "issues what is missing by then",
    "households:reveal": READS_ONLY,
    "households:search": READS_ONLY,
    "households:tag_revoke": "a tag that was given is never changed, only taken back",
}
OPERATORS = {
    "households.services.tag_upkeep.add_tag",
    "households.services.tag_upkeep.change_tag",
    "households.services.tag_upkeep.put_tag_aside",
    "households.services.tag_upkeep.save_tag",
    "households.services.tag_upkeep.take_tag_up",
}
ALONE = {
    households.reveal_number: lambda stage: {
        "resident_id": stage.cast.resident(stage.cast.household()).pk, "what": Closed.PHONE, "purpose": Purpose.VISIT
    },
}  # fmt: skip
ACTS = {
    "decide_duplicate": Act("households:duplicate", merges),
    "undo_duplicate": Act("households:duplicate_undo", merges),
    "add_household": Act("households:add", change),
    "save_household": Act("households:edit", change),
    "close_household": Act("households:close", change),
    "add_resident": Act("households:person_add", change),
    "save_resident": Act("households:person", change),
    "move_resident": Act("households:person_move", moved),
    "move_households": Act("households:move", change),
    "undo_move": Act("households:move_undo", change),
    "leave_household": Act("households:person_left", change),
    "reveal_number": Act("households:reveal", at_home(household_rules.may_see)),
    "grant_tag": Act("households:tags", tags),
    "add_tag": Act("households:kept_add", keeps_tags),
    "change_tag": Act("households:kept_tag", keeps_tags),
    "put_tag_aside": Act("households:kept_aside", keeps_tags),
    "take_tag_up": Act("households:kept_up", keeps_tags),
    "revoke_tag": Act("households:tag_revoke", tags),
    "issue_missing_codes": Act("households:plates", codes),
    "reissue_code": Act("households:code", codes, shared=True),
}
WITHOUT_PAGE = {
    "propose_duplicates": "the worker's, each night",
    "carry_households": "with a change of areas that the operator makes",
    "issue_code": "by tables of households, and the demo",
    "revoke_code": "with what closes a file or makes a new code",
    "load_tags": "the reference data of an upgrade",
    "save_tag": "by tables of tags",
}
ASKING = {"households:search"}


def file(cast: Cast) -> Scene:
    """A household with one person and one tag; another one stands without a code."""
    (key,) = grant(cast, cast.own)
    with cast.everything():
        home = TagGrant.objects.get(pk=key).household
        person = Resident.objects.get(household=home)
    cast.household(number="H-90002")
    change, issue = in_own(cast, household_rules.may_change), in_own(cast, household_rules.may_issue_codes)
    named = {"name": "张桂芬", "phone": "", "identity_number": "", "born_on": "1970-01-01"}
    own = {name: reverse(f"households:{name}", args=[home.pk]) for name in ("edit", "person_add", "code", "tags")}
    of_person = {name: reverse(f"households:{name}", args=[person.pk]) for name in ("person",)}
    pages = [reverse("households:add"), reverse("households:plates"), reverse("households:file", args=[home.pk])]
    return Scene(
        pages=[*pages, *own.values(), *of_person.values()],
        acts={
            ("households:add",): change,
            ("households:plates",): issue,
            ("households:code", str(home.pk)): issue,
            **{(f"households:{name}", str(home.pk)): change for name in ("edit", "person_add", "tags")},
            **{(f"households:{name}", str(person.pk)): change for name in ("person", "person_left")},
            ("households:tag_revoke", str(key)): change,
            **{("households:reveal", str(person.pk), what): change for what in ("phone", "identity")},
        },
        filled={
            "households:add": {"number": "H-90001"},
            "households:edit": {"address": "溪边路9号"},
            "households:person_add": named,
            "households:person": named,
            "households:reveal": {"purpose": next(iter(Purpose)).value},
        },
    )


def empty_file(cast: Cast) -> Scene:
    home = cast.household()
    change = in_own(cast, household_rules.may_change)
    return Scene(
        pages=[reverse("households:edit", args=[home.pk])],
        acts={("households:edit", str(home.pk)): change, ("households:close", str(home.pk)): change},
        filled={"households:edit": {"address": "溪边路9号"}},
    )


def closed_file(cast: Cast) -> Scene:
    """It is corrected; nobody moves in, and no code is made."""
    home = cast.household()
    with cast.everything():
        Household.objects.filter(pk=home.pk).update(closed_at=clock.now())
    key = str(home.pk)
    names = ("households:edit", "households:person_add", "households:code", "households:tags")
    change = in_own(cast, household_rules.may_change)
    return Scene(
        pages=[reverse(name, args=[home.pk]) for name in names],
        acts={("households:edit", key): change, ("households:tags", key): change},
        filled={"households:edit": {"address": "溪边路9号"}},
    )


def on_file_twice(cast: Cast) -> Scene:
    (one,) = duplicate(cast, cast.own)
    both = in_own(cast, lambda actor, area: household_rules.may_merge(actor, area, area))
    return Scene(
        pages=[reverse("households:duplicate", args=[one])],
        acts={("households:duplicate", str(one)): both},
        filled={"households:duplicate": {"keep": "two"}},
    )


OFFERS = {"on file twice": on_file_twice, "file": file, "empty file": empty_file, "closed file": closed_file}


def plates(cast: Cast, who: Any) -> Any:
    cast.household()
    with acting_as(cast.actor("clerk")) as clerk:
        households.issue_missing_codes(area_ids=[cast.own.id], by=clerk)
    return who.get(reverse("households:plates_pdf"), {"area": cast.own.id})


DOWNLOADS = {
    "plates": ("households/views/plates.py", plates, (
        "民情码门牌-棠溪村-1–1.pdf", "民情碼門牌-棠溪村-1–1.pdf", "Door plates-棠溪村-1–1.pdf")),
}  # fmt: skip


def a_tag(cast: Cast) -> None:
    grant(cast, cast.own)


def somebody_twice(cast: Cast) -> None:
    duplicate(cast, cast.own)


PLANTED = {a_tag, somebody_twice}
# of the number and the address: the database makes it anew with them
UNERASED = {"households.Household": {"pairs": "made of the address, and goes with it"}}
OWN_TEXTS = {"households.Household": dict.fromkeys(("address",), WHOSE)}

# its columns that the database keeps write the table anew anyway, and these come with them
AT_ONCE = {"households.0005_found_by_parts"}
