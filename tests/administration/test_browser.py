"""The operator's way in a real browser: a village, its unit, a cadre with a start password, who signs in with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from minqing.org.models import Account, Area, Unit
from tests.browser.server import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_from_a_new_village_to_its_cadre_s_own_password(committed_cast: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page("desktop")
    sign_in(page, "operator", f"/operator/areas/{committed_cast.town.pk}/")
    page.click("text=加下级区域")
    page.fill("[name=name]", "云溪村")
    page.fill("[name=code]", "V9")
    page.select_option("[name=level]", "village")
    page.click("main .main-action")
    page.wait_for_selector("text=已加上“云溪村”")
    village = Area.objects.get(code="V9")

    page.goto("/operator/units/")
    page.click("text=加单位")
    page.fill("[name=code]", "U9")
    page.fill("[name=name]", "云溪村村委会")
    page.select_option("[name=kind]", "village")
    page.select_option("[name=area]", str(village.pk))
    page.fill("[name=hours]", "08:00-11:30 14:00-17:00")
    page.click("main .main-action")
    page.wait_for_selector("text=已加上“云溪村村委会”")
    unit = Unit.objects.get(code="U9")

    page.goto("/operator/people/")
    page.click("text=加人")
    page.fill("[name=name]", "何小明")
    page.fill("[name=staff_number]", "G9001")
    page.select_option("[name=role]", "cadre")
    page.select_option("[name=unit]", str(unit.pk))
    page.select_option("[name=area]", str(village.pk))
    page.click("main .main-action")
    page.click(".page-actions a:has-text('发初始密码')")
    page.click("text=生成密码单")
    page.wait_for_selector(".strips code")
    password = page.inner_text(".strips code")
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", password)

    own = open_page("phone")
    own.goto("/accounts/login/")
    own.fill("[name=login]", "G9001")
    own.fill("[name=password]", password)
    own.click("form button[type=submit]")
    own.wait_for_url("**/accounts/password/change/")
    own.goto("/households/")
    assert own.url.endswith("/accounts/password/change/")
    own.fill("[name=oldpassword]", password)
    own.fill("[name=password1]", "hong-tian-san-zhang")
    own.fill("[name=password2]", "hong-tian-san-zhang")
    own.click("form button[type=submit]")
    # on to where the work is
    own.wait_for_url(lambda url: not url.endswith("/password/change/"))
    own.goto("/households/")
    assert own.url.endswith("/households/")
    assert not Account.objects.get(username="G9001").must_change_password
