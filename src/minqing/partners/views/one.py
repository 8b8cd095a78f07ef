"""The operator's pages of one other system: what is known of it, its keys and its secret."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core.errors import NotFound
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role
from minqing.partners import queries, services
from minqing.partners.forms import PartnerForm, TokenForm, secret_press
from minqing.partners.kinds import SCOPES
from minqing.partners.models import Partner

OPERATOR = frozenset({Role.OPERATOR})


def partner_or_404(code: str) -> Partner:
    found = queries.partner_by_code(code)
    if found is None:
        raise NotFound("partner")
    return found


@page(roles=OPERATOR)
def add(request: PageRequest) -> HttpResponse:
    """Let another system in; a code that is taken is said beside it."""
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if queries.partner_by_code(form.cleaned_data["code"]):
            form.add_error("code", _("This code is taken."))
        elif made := form.apply(by=request.actor):
            messages.success(request, _("It is let in. Now give it a key."))
            return redirect("partners:partner", code=made.code)
    return render(request, "partners/form.html", {"form": form, "one": None}, status=422 if form.errors else 200)


@page(roles=OPERATOR)
def edit(request: PageRequest, code: str) -> HttpResponse:
    one = partner_or_404(code)
    form = PartnerForm(request.POST if request.method == "POST" else None, partner=one)
    if request.method == "POST" and form.is_valid() and form.apply(by=request.actor):
        messages.success(request, _("Saved."))
        return redirect("partners:partner", code=code)
    return render(request, "partners/form.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@page(roles=OPERATOR)
def partner(request: PageRequest, code: str) -> HttpResponse:
    """What is known of it and its keys; POST makes a key, whose text this answer alone shows."""
    one = partner_or_404(code)
    form = TokenForm(request.POST if request.method == "POST" else None)
    made = form.apply(one, by=request.actor) if request.method == "POST" and form.is_valid() else None
    if made and not made[1]:
        messages.warning(request, _("This key was made already. Its text was shown once; if it is lost, make another."))
        return redirect("partners:partner", code=code)
    return detail_page(request, one, TokenForm() if made else form, key=made[1] if made else "")


def addresses_of(one: Partner) -> list[tuple[str, str]]:
    """Where the other side sends and fetches, and where it reads how."""
    return [
        (reverse("api:openapi"), _("How to read and report matters: the description for programmers")),
        (reverse("partners:inbox", args=[one.code]), _("To send events in their own form (“Send events”)")),
        (
            reverse("partners:events"),
            _("To send CloudEvents, and to fetch what was missed (“Be sent events”)"),
        ),
    ]


def detail_page(
    request: PageRequest, one: Partner, form: TokenForm, *, key: str = "", secret: str = ""
) -> HttpResponse:
    words = {scope.code: scope.label for scope in SCOPES}
    context: dict[str, object] = {
        "one": one,
        "tokens": [(token, [words.get(scope, scope) for scope in token.scopes]) for token in queries.tokens_of(one)],
        "form": form,
        "key": key,
        "secret": secret,
        "press": secret_press(one),
        "addresses": [(request.build_absolute_uri(address), about) for address, about in addresses_of(one)],
    }
    return render(request, "partners/partner.html", context, status=422 if form.errors else 200)


@page(roles=OPERATOR)
@require_POST
def new_secret(request: PageRequest, code: str) -> HttpResponse:
    """A new secret for what it signs; this answer alone shows it."""
    one = partner_or_404(code)
    if not secret_press(one, request.POST).is_new():
        messages.warning(request, _("A new secret was made already. It was shown once; if it is lost, make another."))
        return redirect("partners:partner", code=code)
    secret = services.give_secret(partner=one, by=request.actor)
    return detail_page(request, partner_or_404(code), TokenForm(), secret=secret)


@page(roles=OPERATOR)
@require_POST
def revoke(request: PageRequest, code: str, token_id: UUID) -> HttpResponse:
    """From now on the key opens nothing."""
    token = queries.tokens_of(partner_or_404(code)).filter(pk=token_id).first()
    if token is None:
        raise NotFound("token")
    services.revoke_token(token=token, by=request.actor)
    messages.success(request, _("From now on this key opens nothing."))
    return redirect("partners:partner", code=code)
