"""Tags of household files, as far as the actor's role may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.models import Household, Tag, TagGrant
from minqing.households.queries.visibility import visible_grants, visible_households
from minqing.households.rules import sees_tag
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


@dataclass(frozen=True, slots=True)
class Shown:
    """One tag in force. ``resident`` is empty when it is the whole household's."""

    grant_id: UUID
    code: str
    name: str
    sensitive: bool
    resident: str
    reason: str
    source: str
    expires_on: date


def visible_tags(actor: Actor, household_ids: Iterable[UUID], *, on: date | None = None) -> dict[UUID, list[Shown]]:
    """Household id → its tags in force on a day, those that run out first in front; one query."""
    grants = (
        visible_grants(actor)
        .select_related("resident")
        .filter(household_id__in=list(household_ids), revoked_at=None, expires_on__gte=on or clock.today())
        .order_by("expires_on", "pk")
    )
    shown: dict[UUID, list[Shown]] = defaultdict(list)
    for grant in grants:
        shown[grant.household_id].append(
            Shown(
                grant_id=grant.pk,
                code=grant.tag_id,
                name=grant.tag.name,
                sensitive=grant.tag.sensitive,
                resident=grant.resident.name if grant.resident else "",
                reason=grant.reason,
                source=grant.source,
                expires_on=grant.expires_on,
            )
        )
    return dict(shown)


def grantable_tags(actor: Actor) -> list[Tag]:
    """Tags that are still given and that the actor's role may see, by group."""
    return [tag for tag in Tag.objects.filter(retired=False).order_by("group", "code") if sees_tag(actor, tag.roles)]


def tagged(actor: Actor, code: str, *, on: date | None = None) -> QuerySet[Household]:
    """Visible households that carry a tag which the actor may see."""
    grants = visible_grants(actor).filter(tag_id=code, revoked_at=None, expires_on__gte=on or clock.today())
    return visible_households(actor).filter(pk__in=grants.values("household_id"))


def open_tags() -> list[Tag]:
    """Tags that everybody sees who sees the household, and that tell nothing sensitive."""
    return [
        one for one in Tag.objects.filter(retired=False, sensitive=False).order_by("group", "code") if not one.roles
    ]


def with_any_tag(households: QuerySet[Household], codes: Collection[str], *, on: date) -> QuerySet[Household]:
    """Those of them that carry one of these tags on a day; all where there are none."""
    grants = TagGrant.objects.filter(household=OuterRef("pk"), tag__in=codes, revoked_at=None, expires_on__gte=on)
    return households.filter(Exists(grants)) if codes else households


def tags_to_review(actor: Actor, until: date) -> QuerySet[TagGrant]:
    """Tags in force that run out by then, those that run out first in front; sensitive ones are only counted."""
    running = running_out(actor, until).filter(tag__sensitive=False)
    return running.select_related("tag", "household").order_by("expires_on", "pk")


def sensitive_to_review(actor: Actor, until: date) -> list[tuple[str, str, int]]:
    """Code and name of each sensitive tag that the actor may see, and how many grants of it run out by then."""
    running = running_out(actor, until).filter(tag__sensitive=True).order_by("tag__group", "tag")
    return list(running.values_list("tag", "tag__name").annotate(number=Count("pk")))


def running_out(actor: Actor, until: date) -> QuerySet[TagGrant]:
    """Tags in force until then at the latest, as far as the actor may see them."""
    return visible_grants(actor).filter(revoked_at=None, expires_on__gte=clock.today(), expires_on__lte=until)


def tags_for_upkeep() -> list[Tag]:
    """All tags by group, those put aside last; ``carried`` how many files carry each today. For the operator."""
    with acting_as(system_actor("how many carry a tag")):
        carried = dict(
            TagGrant.objects.filter(revoked_at=None, expires_on__gte=clock.today())
            .values_list("tag")
            .annotate(files=Count("household", distinct=True))
        )
    tags = list(Tag.objects.order_by("retired", "group", "code"))
    for tag in tags:
        tag.carried = carried.get(tag.pk, 0)  # type: ignore[attr-defined]
    return tags


def stored_tags() -> list[Tag]:
    return list(Tag.objects.order_by("group", "code"))
