"""What the county calls things: for the operator to see and change."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from minqing.core.errors import NotFound
from minqing.localnames.forms import NamesForm
from minqing.localnames.kinds import VOCABULARIES
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role


@page(roles=frozenset({Role.OPERATOR}))
def names(request: PageRequest) -> HttpResponse:
    """A card for each kind, in the language of the address (the deployment's own at first); POST changes one kind."""
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise NotFound("language")
    forms = {kind.code: NamesForm(kind=kind, language=language) for kind in VOCABULARIES}
    status = 200
    if request.method == "POST":
        sent = forms.get(request.POST.get("kind", ""))
        if sent is None:
            raise NotFound("kind")
        forms[sent.kind.code] = form = NamesForm(request.POST, kind=sent.kind, language=language)
        if form.is_valid() and form.apply(by=request.actor):
            messages.success(request, _("Saved. Every page, export and interface uses these words from now on."))
            return redirect(f"{reverse('localnames:names')}?language={language}")
        status = 422
    context = {"forms": list(forms.values()), "language": language, "offered": settings.LANGUAGES}
    return render(request, "localnames/names.html", context, status=status)
