"""The public pages 政务公开: the county's figures and how problems were solved. No account, no cookie, no script.

They read published rows alone and are the same for everybody, so that any cache may keep them, and asks each time
whether they still stand: what is withdrawn is gone at once. The answer to that is one statement.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import etag

from minqing.core.errors import NotFound
from minqing.core.ids import digest
from minqing.core.version import own_version
from minqing.doorstep.access import DoorRequest, by_address, resident_page
from minqing.privacy.periods import Quarter
from minqing.privacy.suppression import WITHHELD
from minqing.publications.forms import OpenForm
from minqing.publications.queries.opened import (
    newest_quarter,
    open_edition,
    published,
    published_one,
    quarter_figures,
)
from minqing.publications.queries.quarters import published_quarters
from minqing.publications.rules import SEARCH_BY_ADDRESS
from minqing.web.paging import page_of

SIZE = 20
HEADERS = {"Cache-Control": "public, no-cache", "X-Robots-Tag": "all"}


def render_open(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Without a token for forms there is no cookie to set, and the page is the same for all."""
    response = render(request, template, context | {"csrf_token": "", "withheld_sign": WITHHELD})
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def tag_of(request: DoorRequest, **_kwargs: object) -> str | None:
    """The ETag: what is published, the names beside it, and what the page is made with. None where it is not made."""
    if not request.allowed:
        return None
    # each address has a tag of its own; the stylesheet's name changes with the pages' looks
    made_with = [own_version(), get_language(), static("dist/app.css")]
    return f'"{digest(" ".join([open_edition(), request.get_full_path(), *made_with]))[:32]}"'


@resident_page([(SEARCH_BY_ADDRESS, by_address)], searches=True)
@etag(tag_of)
def start(request: DoorRequest) -> HttpResponse:
    """The newest quarter in three figures, and the solved matters that others may learn from."""
    form = OpenForm(request.GET)
    # a search that comes too often is not made; the page still says what it can
    rows = page_of(published(form.wanted()) if request.allowed else [], request, SIZE)
    context = {
        "form": form,
        "page": rows,
        "table": newest_quarter(),
        "narrowed": any(request.GET.values()),
        "too_many": not request.allowed,
    }
    response = render_open(request, "publications/open/start.html", context)
    if not request.allowed:
        response.status_code, response.headers["Cache-Control"] = 429, "no-store"
    return response


@resident_page()
@etag(tag_of)
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """All published figures of one quarter."""
    try:
        table = quarter_figures(Quarter.parse(code))
    except ValueError:
        table = None
    if table is None:
        raise NotFound("quarter")
    return render_open(request, "publications/open/figures.html", {"table": table, "quarters": published_quarters()})


@resident_page()
@etag(tag_of)
def matter(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """One solved matter in the words written for the public."""
    found = published_one(publication_id)
    if found is None:
        raise NotFound("publication")
    return render_open(request, "publications/open/matter.html", {"one": found})
