"""Whatever stands in an address or a form of the operator's tables: an answer or a refusal, never an error of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import DateField, Model
from django.test import Client

from minqing.org.models import Area
from tests.cast import Cast, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("admin_on"), pytest.mark.fault(75)]

ODD = ("", "abc", "-1", "9" * 30, "9" * 5000, "１", "9999-12-31")
OWN = ("o", "p", "q", "e", "all", "_popup", "_to_field", "_changelist_filters", "_source_model", "_facets", "unknown")
LOOKUPS = ("", "__exact", "__in", "__isnull", "__gte", "__year")


@pytest.fixture
def browser(cast: Cast) -> Client:
    return signed_in(Client(raise_request_exception=False), cast.account("operator"))


def tables() -> list[tuple[type[Model], Any, str]]:
    return [
        (model, site, f"/operator/{model._meta.app_label}/{model._meta.model_name}/")
        for model, site in admin.site._registry.items()
    ]


def parameters(model: type[Model], site: Any) -> list[str]:
    """What a list reads: Django's own, its filters, and fields that are no filter, with every lookup."""
    filters = [one for one in site.list_filter if isinstance(one, str)]
    dates = [field.name for field in model._meta.concrete_fields if isinstance(field, DateField)]
    named = [*dict.fromkeys([*filters, *dates[:1], model._meta.pk.attname, "account__password"])]
    return [*OWN, *(f"{name}{lookup}" for name in named for lookup in LOOKUPS)]


@pytest.mark.parametrize(("model", "site", "address"), tables(), ids=lambda one: getattr(one, "__name__", ""))
def test_no_value_of_a_list_is_an_error_of_ours(browser: Client, model: type[Model], site: Any, address: str) -> None:
    wrong = []
    for name in parameters(model, site):
        # what is refused by its name is refused whatever it holds
        refused = browser.get(address, {name: "1"}).status_code in {302, 400}
        for value in ODD[1:4:2] if refused and name not in OWN else ODD:
            status = browser.get(address, {name: value}).status_code
            if status not in {200, 302, 400, 404}:
                wrong.append((name, value[:20], status))
    assert wrong == []
    assert browser.get(address).status_code == 200


def test_a_year_that_no_calendar_has_is_refused(browser: Client) -> None:
    for name in ("date__year", "date__month", "date__day"):
        for value in ("9" * 9, "0", "-5", "99999", "13", "x"):
            sent = {"date__year": "2026", "date__month": "1", name: value}
            assert browser.get("/operator/org/workday/", sent).status_code in {200, 302, 400}, sent


def test_no_value_of_a_form_s_address_or_of_a_search_is_an_error_of_ours(browser: Client) -> None:
    wrong = []
    for _model, site, address in tables():
        for name in (*(site.fields or ()), "_changelist_filters", "_to_field"):
            for value in ODD[1:6:2]:
                status = browser.get(f"{address}add/", {name: value}).status_code
                if status not in {200, 302, 400, 403, 404}:
                    wrong.append((address, name, value[:20], status))
    for name in ("term", "page", "app_label", "model_name", "field_name"):
        for value in ODD:
            asked = {"app_label": "org", "model_name": "post", "field_name": "unit", name: value}
            status = browser.get("/operator/autocomplete/", asked).status_code
            if status not in {200, 400, 403, 404}:
                wrong.append(("autocomplete", name, value[:20], status))
    assert wrong == []


def test_no_key_in_an_address_and_no_choice_of_rows_is_an_error_of_ours(browser: Client) -> None:
    wrong = []
    for _model, _site, address in tables():
        for key in ("abc", "9" * 30, "9999-99-99", "a%00b"):
            for page in ("change/", "history/", "delete/"):
                status = browser.get(f"{address}{key}/{page}").status_code
                if status not in {200, 302, 400, 403, 404}:
                    wrong.append((address, key, page, status))
        for sent in (
            {"action": "give_start_passwords", "_selected_action": ["abc", "9" * 30]},
            {"action": "delete_selected", "_selected_action": ["9999-99-99"]},
            {"action": "revoke", "_selected_action": ["\0"]},
            {"action": "nothing", "_selected_action": ["1"], "index": "abc"},
            {"action": "give_start_passwords", "select_across": "x", "index": "9" * 30, "_selected_action": ["x"]},
        ):
            status = browser.post(address, sent).status_code
            if status not in {200, 302, 400, 403, 404}:
                wrong.append((address, str(sent), "", status))
    assert wrong == []
    assert Area.objects.count() == 6
