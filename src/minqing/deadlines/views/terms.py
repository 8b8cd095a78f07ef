"""How long something may take, who hears of what is late, what waiting means: for the operator to see and change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.errors import NotFound
from minqing.deadlines import shipped
from minqing.deadlines.books import UPKEEPS, Book
from minqing.deadlines.forms import LadderForm, NormForm, PauseForm
from minqing.deadlines.queries import norms_of
from minqing.deadlines.rows import Clock
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role

SAVED = {
    False: gettext_lazy("Saved. What is running keeps its term; what begins now gets the new one."),
    True: gettext_lazy("Saved. What runs by this norm gets the new term; its deadlines are reckoned anew shortly."),
}
OPERATORS = frozenset({Role.OPERATOR})


def books() -> list[Book[Clock]]:
    """Of the rooms whose terms the operator may change."""
    return [one.book for one in UPKEEPS if one.book.reference]


@page(roles=OPERATORS)
def norms(request: PageRequest) -> HttpResponse:
    """All norms, each with a form of its own; POST changes the one that it names."""
    forms = [NormForm(book=book, norm=row) for book in books() for row in norms_of(book)]
    status = 200
    if request.method == "POST":
        at = next((n for n, one in enumerate(forms) if str(one.norm.pk) == request.POST.get("norm")), None)
        if at is None:
            raise NotFound("norm")
        forms[at] = form = NormForm(request.POST, book=forms[at].book, norm=forms[at].norm)
        if form.is_valid() and form.apply(by=request.actor):
            messages.success(request, SAVED[form.cleaned_data["running"]])
            return redirect("deadlines:norms")
        status = 422
    return render(request, "deadlines/norms.html", {"groups": grouped(forms)}, status=status)


def grouped(forms: list[NormForm]) -> list[dict[str, object]]:
    """By room and way of handling; the room is named where several have norms."""
    several = len({one.book.room for one in forms}) > 1
    return [
        {
            "title": f"{book.label} · {book.word(way)}" if several else book.word(way),
            "rows": [
                {"row": one.norm, "kind": kind_of(book, one.norm.kind), "form": one}
                for one in forms
                if one.book is book and one.norm.way == way
            ],
        }
        for book in books()
        for way in book.ways or ()
    ]


def kind_of(book: Book[Clock], kind: str) -> Any:
    return book.kinds(kind).label if book.kinds else kind


@page(roles=OPERATORS)
def ladder(request: PageRequest) -> HttpResponse:
    """Ladders and reasons with a form each; POST changes the one that it names, ``look`` only tries it."""
    forms: list[LadderForm | PauseForm] = []
    for book in books():
        forms += [LadderForm(book=book)] if shipped.ladder(book.reference) else []
        forms += [PauseForm(book=book, reason=one) for one in book.reasons or ()]
    status = 200
    if request.method == "POST":
        at = next((n for n, one in enumerate(forms) if one.key == request.POST.get("form")), None)
        if at is None:
            raise NotFound("form")
        forms[at] = form = forms[at].sent(request.POST)
        look = "look" in request.POST
        if form.is_valid() and not look and form.apply(by=request.actor):
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("deadlines:ladder")
        status = 200 if look and form.is_valid() else 422
    shown = {
        "ladders": [one for one in forms if isinstance(one, LadderForm)],
        "pauses": [one for one in forms if isinstance(one, PauseForm)],
        "several": len(books()) > 1,
    }
    return render(request, "deadlines/ladder.html", shown, status=status)
