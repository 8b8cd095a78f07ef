"""Sessions are Django's own in everything but the statement that reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from minqing.core import clock
from minqing.org.session_backend import SessionStore

pytestmark = pytest.mark.django_db


def test_what_is_kept_is_read_again_also_by_django_s_own() -> None:
    store = SessionStore()
    store["post"] = "七"
    store.save()
    assert SessionStore(store.session_key)["post"] == "七"
    assert DatabaseStore(store.session_key)["post"] == "七"


def test_a_session_that_is_over_or_never_was_is_empty_and_its_key_is_not_kept() -> None:
    over = SessionStore()
    over["post"] = "七"
    over.save()
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    for key in (over.session_key, "k" * 32):
        store = SessionStore(key)
        assert store.get("post") is None
        assert store.session_key is None
