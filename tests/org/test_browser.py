"""Signing in and one's own page in a real browser, under the real policy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from minqing.journal.models import Event
from tests.browser.server import sign_in, sign_in_by_hand

# buttons under 44 px, the least a thumb needs
SMALL = """[...document.querySelectorAll('main button, main .btn')]
    .filter(button => button.offsetHeight && button.offsetHeight < 44).length"""
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_cast")]


def test_a_cadre_signs_in_on_the_phone_and_chooses_large_print(open_page: Callable[..., Any]) -> None:
    page = open_page("phone")
    page.goto("/me")
    sign_in_by_hand(page, "cadre")
    page.goto("/me")
    page.check("input[name=large_print]")
    page.click("main form button[type=submit]")
    page.wait_for_selector("html[data-text=large]")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    small = page.evaluate(SMALL)
    assert small == 0


def test_the_server_journals_what_was_not_found_after_its_answer(open_page: Callable[..., Any]) -> None:
    page = open_page("desktop")
    sign_in(page, "cadre", "/households/00000000-0000-7000-8000-000000000000/")
    for _ in range(40):
        if Event.objects.filter(type="org.page.not_found").exists():
            break
        time.sleep(0.1)
    assert Event.objects.filter(type="org.page.not_found", subject="page:households:file").count() == 1
