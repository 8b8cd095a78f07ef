"""Whatever serves the application: nothing is answered with keys or software that are not those of the data."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from django.db import OperationalError, connection

from minqing.config import env as env_module
from minqing.config.env import env
from minqing.config.fitting import Fitting
from minqing.config.processes import Unfit
from minqing.privacy.key_prints import note_prints
from minqing.privacy.models import KeyPrint


class Pages:
    """In the place of the application, as a web server calls it."""

    def __init__(self) -> None:
        self.asked, self.statuses = 0, Mock()

    def __call__(self, _environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked += 1
        start_response("200 OK", [])
        return [b"page"]

    def ask(self, application: Fitting) -> str:
        answer = b"".join(application({}, self.statuses))
        assert answer
        return str(self.statuses.call_args.args[0])


@pytest.mark.fault(127)
def test_with_another_key_nothing_is_answered_and_the_log_says_why_once(
    committed: None, caplog: pytest.LogCaptureFixture
) -> None:
    note_prints(using="owner")
    pages = Pages()
    assert pages.ask(Fitting(pages)) == "200 OK"
    KeyPrint.objects.using("owner").filter(name="field_key").update(digest="00000000")
    served = Fitting(pages)
    assert [pages.ask(served) for _ in range(3)] == ["503 Service Unavailable"] * 3
    assert pages.asked == 1
    (told,) = [one.getMessage() for one in caplog.records if one.levelname == "CRITICAL"]
    assert "field_key" in told
    assert "is not the key of this database" in told


def test_while_the_database_is_away_the_pages_say_so_and_it_is_looked_again(committed: None) -> None:
    def gone(*_words: Any) -> None:
        raise OperationalError from psycopg.OperationalError("the connection is closed")

    pages = Pages()
    served = Fitting(pages)
    with connection.execute_wrapper(gone):
        assert (pages.ask(served), served.fits) == ("200 OK", None)
    assert (pages.ask(served), served.fits) == ("200 OK", True)


@pytest.mark.parametrize(("owner", "sentence"), [(None, "There is no county in"), (54321, "this is user 54321")])
def test_a_web_server_in_a_wrong_folder_or_of_another_user_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: int | None, sentence: str
) -> None:
    place = env().model_copy(update={"minqing_var": tmp_path, "minqing_pgdata": None})
    monkeypatch.setattr(env_module, "env", lambda: place)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() if owner is None else owner)
    monkeypatch.delitem(sys.modules, "minqing.config.wsgi", raising=False)
    with pytest.raises(Unfit, match=sentence):
        runpy.run_module("minqing.config.wsgi")
    assert list(tmp_path.iterdir()) == []
