"""Who may not do a thing is refused by its service, whatever page, API or job calls it: a view's gate is a courtesy.

The calls are those of the scenes that two people make at once (``tests/*/test_pairs*.py``), each with all it needs.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from tests.architecture.acts import ACTS
from tests.architecture.of_rooms import brought
from tests.architecture.test_pairs import modules, services
from tests.architecture.tree import ROOT, SOURCE, python_files, tree
from tests.cast import category, person
from tests.pairs import Scene, Stage, full_name, stage

__all__ = ["stage"]
# in one process, where each scene is laid out once for all of them
pytestmark = [pytest.mark.fault(19), pytest.mark.fault(88), pytest.mark.xdist_group("powerless")]
# what everybody does with things of the own, and of no one else's
OWN = frozenset(brought("OWN"))


class Kept(Stage):
    """A stage on which a scene is laid out, and which keeps its calls: they are made by somebody else then."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.cast)
        self.calls: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def call(self, who: str, service: Callable[..., Any], **values: Any) -> Callable[[], Any]:
        self.calls.append((who, service, values))
        return super().call(who, service, **values)

    def done(self, who: str, service: Callable[..., Any], **values: Any) -> Any:
        return Stage(self.cast).done(who, service, **values)


def scenes() -> Iterator[Any]:
    for path in modules():
        if "jobs" not in path.name and path.parent.name != "architecture":
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for scene in importlib.import_module(name).SCENES:
                yield pytest.param(scene, id=f"{path.parent.name}-{scene.make.__name__}")


# the services that people call in a scene that was laid out in this process
CALLED: dict[Scene, frozenset[str]] = {}


def laid_out(stage: Stage, scene: Scene) -> Kept:
    kept = Kept(stage)
    scene.make(kept)
    CALLED[scene] = frozenset(full_name(service) for who, service, _values in kept.calls if who != "system")
    return kept


def nobody(stage: Stage) -> Actor:
    """Sees every area, and has no role, no unit and no post."""
    with transaction.atomic():
        areas = frozenset({stage.cast.own.pk, stage.cast.town.pk, stage.cast.city.pk})
        return replace(stage.cast.actor("volunteer"), roles=frozenset(), units=frozenset(), areas=areas, post=None)


def may_not(stage: Stage, service: Callable[..., Any]) -> Iterator[Actor]:
    """Those of the cast to whom the service's rule says no, wherever they are."""
    yield nobody(stage)
    act = ACTS.get(service.__name__)
    for role in Role if act else ():
        with transaction.atomic():
            actor = stage.cast.actor(role.value)
            allowed = bool(act and act.rule(stage.cast, actor))
        if not allowed:
            yield actor


def tried(service: Callable[..., Any], by: Actor, values: dict[str, Any]) -> str:
    """How it ended; nothing of it stays."""
    try:
        with transaction.atomic(), acting_as(by):
            told = service(**values, by=by)
            transaction.set_rollback(True)
            # what does many, each for itself, says of each why it was refused
            if isinstance(told, list) and told and all(getattr(one, "why", "") for one in told):
                return "refused"
    except DomainError:
        return "refused"
    except Exception as error:
        return f"ended with {type(error).__name__}"
    return "was done"


@pytest.fixture(scope="module", autouse=True)
def _people(stage: Stage) -> None:
    cast = stage.cast
    with transaction.atomic():
        category("road"), category("transport")
        person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
        person(cast, "second_leader", Role.LEADER, cast.office, cast.city, "何建平")
        person(cast, "office_handler", Role.HANDLER, cast.office, cast.town, "何晓明")
        person(cast, "committee_handler", Role.HANDLER, cast.committee, cast.own, "施小丽")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.VAR = tmp_path


@pytest.mark.parametrize("scene", list(scenes()))
def test_a_service_refuses_whom_its_rule_refuses(stage: Stage, scene: Scene) -> None:
    kept = laid_out(stage, scene)
    wrong = [
        f"{full_name(service)} as {sorted(by.roles) or 'nobody'} {end}"
        for who, service, values in kept.calls
        if who != "system" and full_name(service) not in OWN
        for by in may_not(stage, service)
        if (end := tried(service, by, values)) != "refused"
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


# without a scene of two people: what each needs besides the one who acts
ALONE: dict[Callable[..., Any], Callable[[Stage], dict[str, Any]]] = brought("ALONE")
# done by jobs, commands, upgrades and other services alone; in no file of a page or an interface
INSIDE = frozenset(brought("INSIDE"))
# what a token opens is asked in the one function through which every call of that kind comes
BY_TOKEN = frozenset(brought("BY_TOKEN"))
# refused to others in the tests of the room, where a partner and its receiver are
OPERATORS = frozenset(brought("OPERATORS"))
# looking at a page writes into the journal that it was looked at
TELLS = frozenset({"record", "record_all", "store_pictures", "delete_pictures", "begin", "draw"})


@pytest.mark.parametrize("service", list(ALONE), ids=lambda service: service.__name__)
def test_a_service_without_a_scene_refuses_whom_its_rule_refuses(stage: Stage, service: Callable[..., Any]) -> None:
    with transaction.atomic(), stage.cast.everything():
        values = ALONE[service](stage)
    for by in may_not(stage, service):
        assert tried(service, by, values) == "refused", sorted(by.roles) or "nobody"


@pytest.mark.parametrize("service", sorted(brought("ANOTHERS"), key=full_name), ids=lambda service: service.__name__)
def test_a_thing_of_another_clerk_is_no_ones_to_go_on_with(stage: Stage, service: Callable[..., Any]) -> None:
    with transaction.atomic(), stage.cast.everything():
        values, by = ALONE[service](stage), stage.cast.actor("clerk")
    assert tried(service, by, values) == "refused"


def test_every_service_is_tried_by_who_may_not_or_is_reached_by_no_page(stage: Stage) -> None:
    made = OWN | INSIDE | OPERATORS | BY_TOKEN | {full_name(one) for one in ALONE}
    for one in scenes():
        (scene,) = one.values
        if scene not in CALLED:
            laid_out(stage, scene)
        made |= CALLED[scene]
    assert services() - made == set(), "give it a scene, or what it needs"
    # a job that is asked for is no service, nor what does many by another one, but as a service it asks who may
    others = {"publications.tasks.ask_for_figures", "audit.tasks.ask_to_check", "routing.services.bulk.assign_many"}
    assert made - services() <= others, "gone"


def test_no_page_and_no_interface_calls_what_only_jobs_do() -> None:
    names = {one.rpartition(".")[2] for one in INSIDE} - TELLS
    found = []
    for path in python_files():
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if not any(part.startswith(("views", "forms", "api")) for part in parts[1:]):
            continue
        nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Name | ast.Attribute)]
        called = {node.id if isinstance(node, ast.Name) else node.attr for node in nodes}
        found += [f"{path.name}: {name}" for name in names & called]
    assert not found
