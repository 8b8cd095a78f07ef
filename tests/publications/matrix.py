"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.core.actor import Actor
from minqing.org.enums import Role
from minqing.privacy.periods import Quarter
from minqing.publications import rules as publishing
from minqing.publications import services as publications
from minqing.publications.enums import Act as PublicAct
from minqing.publications.lifecycle import PUBLICATION
from tests.architecture.acts import Act, Rule
from tests.architecture.matrix import ANYONE, NOBODY, Line, fixed, matter, unknown
from tests.architecture.reasons import ONE_ROW, RUNS_ALONE
from tests.cast import Cast


def publishes(act: PublicAct) -> Rule:
    stages = [stage for stage, move in PUBLICATION.changing if move is act]
    return lambda cast, actor: any(publishing.may(act, actor, stage=one, area_id=cast.own.id) for one in stages)


def figures(cast: Cast, actor: Actor) -> Any:
    return publishing.may_publish_figures(actor, whole=True)


LINES = {
    "publications:figures": Line({Role.LEADER}, post=True, ok=422),  # no quarter was named
    "publications:figures_state": Line({Role.LEADER}, ok=302),  # the whole page, but for HTMX
    "publications:list": Line({Role.CLERK, Role.LEADER}),
    "publications:text": Line({Role.CLERK, Role.LEADER}, at=matter),
    # nothing is prepared of this matter
    "publications:act": Line({Role.CLERK, Role.LEADER}, at=matter, reach=NOBODY, post=True),
    "publications:open": Line(ANYONE),
    "publications:open_figures": Line(ANYONE, at=fixed("2026Q1"), ok=404),  # none is published
    "publications:open_matter": Line(ANYONE, at=unknown(), ok=404),
    "publications:as_we_write": Line(ANYONE, at=fixed("nothing"), ok=301),
}
BY_OTHER_WAYS = {
    "publications:figures_state": "asked for while figures are made",
}
TOLD_BY = {
    "publications.services.texts.index_publications": "no event: how published words are found; none of them changes",
}
LOCKED = {
    "publications.services.texts.review_publication": ONE_ROW,
    "publications.services.texts.publish": ONE_ROW,
    "publications.services.texts.withdraw_publication": ONE_ROW,
    "publications.services.texts.index_publications": "part of an upgrade",
    "publications.services.texts.prepare_publication": "the matter, then its publication",
}
UNPAIRED = {
    "publications.services.texts.index_publications": RUNS_ALONE,
}
INSIDE = {
    "publications.services.texts.index_publications",
    "publications.services.texts.withdraw_publication_of",
}
BY_SERVICE = {
    "publications.forms.PublicationForm": "publications.services.texts.prepare_publication",
}
UNSEEN = {
    "publications:act": "carries the version of the text itself",
    "publications:figures": "a quarter is counted once, for good",
}
ALONE = {publications.ask_figures: lambda stage: {"quarter": Quarter(2026, 1)}}
ACTS = {
    "prepare_publication": Act("publications:text", publishes(PublicAct.PREPARE)),
    "review_publication": Act("publications:act", publishes(PublicAct.REVIEW)),
    "publish": Act("publications:act", publishes(PublicAct.PUBLISH)),
    "withdraw_publication": Act("publications:act", publishes(PublicAct.WITHDRAW)),
    "ask_figures": Act("publications:figures", figures),
}
WITHOUT_PAGE = {
    "index_publications": "part of each upgrade",
    "withdraw_publication_of": "after a matter was opened again",
    "publish_figures": "the worker's, for ask_figures",
}
# what a move of its life is called among the writes
OF_LIVES = {
    PublicAct.PREPARE: "prepare_publication",
    PublicAct.REVIEW: "review_publication",
    PublicAct.PUBLISH: "publish",
    PublicAct.WITHDRAW: "withdraw_publication",
}
