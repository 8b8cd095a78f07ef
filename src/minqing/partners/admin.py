"""Partners in the operator's admin. A token's text is shown once, where it is made: ``minqing partners token``."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.org.admin import ThroughServices, operator
from minqing.partners import services
from minqing.partners.models import Partner, Token


@admin.register(Partner)
class PartnerAdmin(ThroughServices):
    key = ("code",)
    list_display = ("name", "code", "area", "unit", "active")
    list_select_related = ("area", "unit")
    search_fields = ("name", "code")
    ordering = ("code",)
    autocomplete_fields = ("area", "unit")
    fields = ("code", "name", "area", "unit", "contact", "active", "mapping")

    def save_with(self, row: Any, *, by: Actor) -> Model:
        return services.register_partner(
            code=row.code,
            name=row.name,
            area=row.area,
            unit=row.unit,
            contact=row.contact,
            active=row.active,
            mapping=row.mapping,
            by=by,
        )


@admin.register(Token)
class TokenAdmin(ThroughServices):
    list_display = ("label", "partner", "scopes", "expires_at", "revoked_at", "last_used_on")
    list_select_related = ("partner",)
    ordering = ("partner__code", "-made_at")
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_change_permission = has_add_permission

    @admin.action(description=_("Revoke: from now on they open nothing"), permissions=["view"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Token]) -> None:
        for token in chosen:
            services.revoke_token(token=token, by=operator(request))
