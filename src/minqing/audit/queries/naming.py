"""How people and things of the record are called: by numbers and posts, never by what is private."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from minqing.audit.kinds import RECORDS, valid_ids
from minqing.core.actor import Actor
from minqing.journal.access_log import account_of
from minqing.org.enums import Role
from minqing.org.queries import account_names, areas_named, system_actor, unit_names
from minqing.org.queries.upkeep import people_found, posts_held_by
from minqing.privacy.access import acting_as

# so many people are chosen from by typing; of more a name is looked for
FEW_PEOPLE = 500


class Names:
    """The names of all that some events tell of, asked for at once."""

    def __init__(self, subjects: Iterable[str], actors: Iterable[str]) -> None:
        by_kind: dict[str, set[str]] = {}
        for subject in subjects:
            kind, _colon, id = subject.partition(":")
            by_kind.setdefault(kind, set()).add(id)
        self.kinds = named_all(by_kind)
        ids = {one for ref in actors if (one := safe_account(ref))}
        self.people = people_told(ids)

    def of(self, subject: str, name: str = "") -> str:
        """What ``subject`` is called; ``name`` where its event knows it. Something of it where nothing is known."""
        kind, _colon, id = subject.partition(":")
        record = RECORDS.get(kind)
        if record is None:
            return _("something")
        known = name or self.kinds.get(kind, {}).get(id, "")
        return str(record.label).format(name=known or _("no longer there"))

    def who(self, ref: str) -> str:
        """Who did it: a person with the post, or in general words."""
        if account := safe_account(ref):
            return self.people.get(account) or _("somebody whose account is gone")
        kind, _colon, rest = ref.partition(":")
        if kind == "resident":
            home = rest.partition(":")[2]
            return _("a resident of {home}").format(home=self.of(f"household:{home}")) if home else _("a visitor")
        return _("another system") if kind == "partner" else _("the system")


def safe_account(ref: str) -> UUID | None:
    try:
        return account_of(ref)
    except ValueError:
        return None


def named_all(by_kind: Mapping[str, Collection[str]]) -> dict[str, Mapping[str, str]]:
    """One statement for each kind at the most; as the system, since the auditor opens no file."""
    asked = [(one, by_kind[one.code]) for one in RECORDS if by_kind.get(one.code)]
    if not asked:
        return {}
    with acting_as(system_actor("audit")) as actor:
        return {record.code: record.named(actor, ids) for record, ids in asked}


def people_told(ids: Collection[UUID]) -> dict[UUID, str]:
    """A name with unit and post, as "Chen Jing (office, clerk)"; two statements."""
    if not ids:
        return {}
    posts = posts_held_by(ids)
    return {id: with_post(name, posts.get(id, [])) for id, name in account_names(ids).items()}


def with_post(name: str, posts: Collection[Any]) -> str:
    for post in posts:
        role = Role(post.role).label
        place = post.unit.name if post.unit else post.area.name if post.area else ""
        return _("{name} ({place} {role})").format(name=name, place=place, role=role)
    return name


def place_of(data: Mapping[str, object]) -> str:
    area = data.get("area")
    return areas_named().get(area, "") if isinstance(area, int) else ""


def found_as(typed: str) -> str:
    """The subject that somebody means by a number; empty where nothing has it."""
    with acting_as(system_actor("audit")) as actor:
        for record in RECORDS:
            if id := record.found(actor, typed):
                return f"{record.code}:{id}"
    return ""


def staff_to_choose() -> list[tuple[str, str]]:
    """Everybody with an account, where they are few enough to be chosen from; of more nobody."""
    rows = list(people_found().order_by("name", "pk")[: FEW_PEOPLE + 1])
    if len(rows) > FEW_PEOPLE:
        return []
    return [(str(one.pk), f"{one.name} · {one.username}") for one in rows]


def people_called(words: str) -> list[str]:
    """The accounts of that name, as the journal names who acts."""
    return [f"user:{one.pk}" for one in people_found(words=words)[:FEW_PEOPLE]]


def accounts_called(_actor: Actor, ids: Collection[str]) -> dict[str, str]:
    return {str(id): name for id, name in account_names(valid_ids(ids)).items()}


def units_called(_actor: Actor, ids: Collection[str]) -> dict[str, str]:
    names = unit_names()
    return {id: names[int(id)] for id in ids if id.isdecimal() and int(id) in names}


def areas_called(_actor: Actor, ids: Collection[str]) -> dict[str, str]:
    names = areas_named()
    return {id: names[int(id)] for id in ids if id.isdecimal() and int(id) in names}


def not_by_number(_actor: Actor, _typed: str) -> None:
    """What is chosen and not typed as a number."""
