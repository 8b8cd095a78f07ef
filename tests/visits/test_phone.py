"""The page of the diary on the phone: the same for everybody, whole in its sentences, and of one build."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from minqing.visits.views.phone import texts
from tests.architecture.tree import ROOT
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_every_sentence_of_the_phone_is_there_and_used() -> None:
    sources = [
        *(ROOT / "frontend" / "diary").glob("*.js"),
        *(ROOT / "frontend" / one for one in ("scanner.js", "place.js")),
    ]
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    page = (ROOT / "src/minqing/visits/templates/visits/phone.html").read_text(encoding="utf-8")
    called = set(re.findall(r'\btext\("([\w-]+)"', scripts)) | set(re.findall(r"texts\.(\w+)", page))
    assert called - texts().keys() == set()
    unused = {one for one in texts() if f'"{one}"' not in scripts and one not in called}
    # how an exchange ended, what a receipt says, and by what drafts of before ticked hazards
    assert unused <= {one for one in texts() if one.startswith(("outcome-", "hazard-"))} | {
        "another-person",
        "device_revoked",
    }


@pytest.mark.fault(9)
def test_what_a_phone_keeps_of_the_page_says_nothing_of_anybody(cast: Cast) -> None:
    with translation.override("zh-hans"):
        pages = {
            re.sub(r'nonce="[^"]*"', "", cast.client(who).get("/diary/").content.decode())
            for who in ("cadre", "village_secretary", "clerk")
        }
    (page,) = pages
    assert not any(account.name in page for account in cast.people.values())
    assert "csrf" not in page


def test_the_worker_names_the_files_of_one_build(cast: Cast) -> None:
    answer: Any = cast.client("cadre").get("/diary/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    told = answer.content.decode()
    assert '"page": "/diary/"' in told
    assert told.count("dist/") >= 5


def test_residents_pages_load_nothing_of_it(cast: Cast) -> None:
    door = cast.client("cadre").get(f"/h/{cast.code(cast.household())}").content.decode()
    assert "diary.js" not in door
    assert "worker.js" not in door
