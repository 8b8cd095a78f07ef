"""Earning points: functions and claims below /earning/, the resident's pages behind the code at the door."""

from __future__ import annotations

from django.urls import path

from minqing.earning.views import budgets, claims, door, functions

app_name = "earning"
# in the address a move is called by its own word, but for these
WORDS = {"appeal": "object"}
urlpatterns = [
    path("earning/", claims.claims, name="list"),
    path("earning/new", claims.take_in, name="new"),
    path("earning/functions/", functions.functions, name="functions"),
    path("earning/functions/add", functions.add, name="add_function"),
    path("earning/budgets/", budgets.budgets, name="budgets"),
    path("earning/budgets/add", budgets.add, name="add_budget"),
    path("earning/budgets/<slug:code>/", budgets.budget, name="budget"),
    path("earning/functions/<slug:code>/", functions.function, name="function"),
    path("earning/<uuid:claim_id>/", claims.detail, name="detail"),
    *(path(f"earning/<uuid:claim_id>/{WORDS.get(verb, verb)}", view, name=verb) for verb, view in claims.moves.items()),
    path("earning/<uuid:claim_id>/photos/<uuid:photo_id>", claims.photo, name="photo"),
    path("h/<str:token>/earn", door.choose, name="choose"),
    path("h/<str:token>/earn/<slug:code>", door.claim, name="claim"),
    path("e/<str:link>", door.follow, name="follow"),
    path("e/<str:link>/object", door.appeal, name="own_appeal"),
]
