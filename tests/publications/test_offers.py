"""What is offered of a text for the public, as it goes from one state to another, is allowed and done, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.matters.models import Matter
from minqing.privacy.access import acting_as
from minqing.publications import rules as publishing
from minqing.publications import services as public
from minqing.publications.enums import Act, Stage
from minqing.publications.forms import VERBS
from minqing.publications.lifecycle import PUBLICATION
from minqing.publications.models import Publication
from minqing.publications.queries.drafts import publishable
from tests.architecture.offers import Key, Scene, walk
from tests.cast import Cast, category
from tests.publications.test_publication import TEXTS, solved

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88), pytest.mark.fault(93)]
Rule = Callable[[Actor], Any]
Acts = dict[Key, Rule]

# publications: what the clerk wrote, the leader reads

WAYS: dict[Stage | None, tuple[Act, ...]] = {
    None: (),
    Stage.DRAFT: (Act.PREPARE,),
    Stage.REVIEWED: (Act.PREPARE, Act.REVIEW),
    Stage.PUBLISHED: (Act.PREPARE, Act.REVIEW, Act.PUBLISH),
    Stage.WITHDRAWN: (Act.PREPARE, Act.WITHDRAW),
}


def brought(cast: Cast, matter: Matter, way: tuple[Act, ...]) -> Publication | None:
    row: Publication | None = None
    for act in way:
        by = cast.actor("leader" if act is Act.REVIEW else "clerk")
        with acting_as(by):
            if act is Act.PREPARE:
                row = public.prepare_publication(id=new_id(), matter=matter, by=by, **TEXTS)
            elif act is Act.WITHDRAW:
                assert row
                row = public.withdraw_publication(publication=row, by=by)
            else:
                assert row
                verb: Any = public.review_publication if act is Act.REVIEW else public.publish
                row = verb(publication=row, version=row.version, by=by)
    return row


def publication(stage: Stage | None, *, sensitive: bool = False) -> Callable[[Cast], Scene]:
    """``sensitive``: it was sorted into what is not published, after the text was written."""

    def made(cast: Cast) -> Scene:
        matter = solved(cast)
        row = brought(cast, matter, WAYS[stage])
        if sensitive:
            with cast.everything():
                Matter.objects.filter(pk=matter.pk).update(category=category("private", publishable=False))
                matter = Matter.objects.select_related("category").get(pk=matter.pk)

        def may(act: Act) -> Rule:
            def rule(actor: Actor) -> Any:
                with cast.everything():
                    fits = publishable(matter) or act is Act.WITHDRAW
                by = row.prepared_by_id if row else None
                return fits and publishing.may(act, actor, stage=stage, area_id=matter.area_id, prepared_by=by)

            return rule

        acts: Acts = {}
        for act in Act:
            name = "text" if act is Act.PREPARE else "act"
            pressed = () if act is Act.PREPARE else (act.value,)
            if PUBLICATION.target(stage, act):
                acts[f"publications:{name}", str(matter.pk), *pressed] = may(act)
        page = reverse("publications:text", args=[matter.pk])
        return Scene(pages=[page], acts=acts, filled={"publications:text": {**TEXTS, "title": "路灯换新了"}})

    return made


SCENES: dict[str, Callable[[Cast], Scene]] = {
    **{f"publication {stage}": publication(stage) for stage in WAYS},
    "draft of what is not published": publication(Stage.DRAFT, sensitive=True),
    "reviewed, of what is not published": publication(Stage.REVIEWED, sensitive=True),
}


@pytest.mark.parametrize("name", SCENES)
def test_what_is_offered_is_allowed_and_done_and_nothing_else(cast: Cast, name: str) -> None:
    wrong = walk(cast, SCENES[name](cast))
    assert not wrong, "\n".join(wrong)


def test_every_act_but_those_with_a_form_of_their_own_is_a_button() -> None:
    assert set(VERBS) == set(Act) - {Act.PREPARE, Act.WITHDRAW}
