"""Who a partner is, and what it may do."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.core.ids import digest
from minqing.org.queries import areas_below
from minqing.partners.models import Partner, Token


def partners() -> QuerySet[Partner]:
    """All partners by their code, with area and unit."""
    return Partner.objects.select_related("area", "unit").order_by("code")


def partner_by_code(code: str) -> Partner | None:
    return partners().filter(code=code).first()


def partner_by_id(id: UUID | None) -> Partner | None:
    return partners().filter(pk=id).first() if id else None


def tokens_of(partner: Partner) -> QuerySet[Token]:
    return Token.objects.filter(partner=partner).order_by("-made_at", "-id")


def token_of(text: str) -> Token | None:
    """The token of that text, whatever its state, with its partner. Found by its digest: nothing is compared."""
    return Token.objects.select_related("partner__area").filter(digest=digest(text)).first()


def token_by_id(text: str) -> Token | None:
    try:
        return Token.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def actor_of(partner: Partner, *, scopes: Iterable[str] = ()) -> Actor:
    """The actor that a partner is: its area with all below, its unit, the scopes of its token. One query."""
    return Actor(
        id=partner.id,
        kind="partner",
        name=partner.name,
        areas=areas_below([partner.area.path]),
        units=frozenset({partner.unit_id} if partner.unit_id else ()),
        scopes=frozenset(scopes),
    )
