"""Giving a tag and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minqing.core.errors import Conflict, Invalid, TwoTexts
from minqing.households import services
from minqing.households.enums import TagSource
from minqing.households.forms import TagForm
from minqing.households.queries import members_of, visible_household, visible_tags
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD


@page(roles=FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: PageRequest, household_id: UUID) -> HttpResponse:
    """The household's tags and a form for another one."""
    actor = request.actor
    household = visible_household(actor, household_id)
    form = TagForm(request.POST or None, actor=actor, members=members_of(actor, household.pk))
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.grant_tag(
                id=data["request_id"],
                household_id=household.pk,
                resident_id=UUID(data["resident"]) if data["resident"] else None,
                tag_code=data["tag"],
                reason=data["reason"],
                source=TagSource(data["source"]),
                expires_on=data["expires_on"],
                by=actor,
            )
            messages.success(request, _("Saved."))
            return redirect("households:file", household.pk)
        except TwoTexts:
            raise
        except (Conflict, Invalid) as error:
            form.add_error(None, error.sentence)
    shown = visible_tags(actor, [household.pk]).get(household.pk, [])
    context = {"form": form, "household": household, "tags": shown}
    return render(request, "households/tags.html", context, status=422 if form.is_bound else 200)


@page(roles=FIELD)
@require_POST
def revoke(request: PageRequest, grant_id: UUID) -> HttpResponse:
    given = services.revoke_tag(grant_id=grant_id, by=request.actor)
    messages.success(request, _("The tag is taken back."))
    return redirect("households:tags", given.household_id)
