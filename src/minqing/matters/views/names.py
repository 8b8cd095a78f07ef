"""What the county calls a state, a way of handling, a reason to wait: for the operator to see and change."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from minqing.core.errors import NotFound
from minqing.matters.enums import Named
from minqing.matters.naming_form import NamesForm
from minqing.matters.views.norms import OPERATORS
from minqing.org.access import PageRequest, page


@page(roles=OPERATORS)
def names(request: PageRequest) -> HttpResponse:
    """A card for each kind, in the language of the address (the deployment's own at first); POST changes one kind."""
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise NotFound("language")
    forms = {kind: NamesForm(kind=kind, language=language) for kind in Named}
    status = 200
    if request.method == "POST":
        kind = next((one for one in Named if one.value == request.POST.get("kind")), None)
        if kind is None:
            raise NotFound("kind")
        forms[kind] = form = NamesForm(request.POST, kind=kind, language=language)
        if form.is_valid() and form.apply(by=request.actor):
            messages.success(request, _("Saved. Every page, export and interface uses these words from now on."))
            return redirect(f"{reverse('matters:names')}?language={language}")
        status = 422
    context = {"forms": list(forms.items()), "language": language, "offered": settings.LANGUAGES}
    return render(request, "matters/names.html", context, status=status)
