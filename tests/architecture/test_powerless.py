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

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.households import services as households
from minqing.households.enums import Closed, Purpose
from minqing.intake import services as intake
from minqing.intake.enums import Mode
from minqing.intake.models import ImportRun
from minqing.matters import services as matters
from minqing.matters.enums import Channel
from minqing.notify import services as notify
from minqing.org import services as org
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from minqing.privacy.periods import Quarter
from minqing.publications import services as publications
from minqing.routing import services as routing
from minqing.routing.models import RouteSet
from tests.architecture.acts import ACTS
from tests.architecture.of_rooms import brought
from tests.architecture.test_pairs import modules, services
from tests.architecture.tree import ROOT, SOURCE, python_files, tree
from tests.cast import category, person
from tests.matters.lives import Life
from tests.pairs import Scene, Stage, full_name, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(19), pytest.mark.fault(88)]
# what everybody does with things of the own, and of no one else's
OWN = frozenset({
    "files.services.store_picture", "listing.services.save_filter", "listing.services.drop_filter",
    "notify.services.reading.mark_all_read",
})  # fmt: skip


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
            service(**values, by=by)
            transaction.set_rollback(True)
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
    kept = Kept(stage)
    scene.make(kept)
    wrong = [
        f"{full_name(service)} as {sorted(by.roles) or 'nobody'} {end}"
        for who, service, values in kept.calls
        if who != "system" and full_name(service) not in OWN
        for by in may_not(stage, service)
        if (end := tried(service, by, values)) != "refused"
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


# without a scene of two people: what each needs besides the one who acts
ALONE: dict[Callable[..., Any], Callable[[Stage], dict[str, Any]]] = {
    households.reveal_number: lambda stage: {
        "resident_id": stage.cast.resident(stage.cast.household()).pk, "what": Closed.PHONE, "purpose": Purpose.VISIT
    },
    notify.retry_parked: lambda _stage: {"ids": []},
    notify.drop_parked: lambda _stage: {"ids": []},
    matters.look_up_caller: lambda stage: {"phone": "13812345678"},
    matters.reveal_reporter: lambda stage: {"matter": Life(stage.cast).report()},
    matters.escalate_matter: lambda stage: {"id": new_id(), "matter": Life(stage.cast).accepted()},
    matters.report_matter: lambda stage: {
        "id": new_id(), "title": "", "text": "路灯坏了", "area_id": stage.cast.own.pk, "channel": Channel.COUNTER
    },
    matters.add_phrase: lambda stage: {"id": new_id(), "title": "一", "text": "二", "area": stage.cast.town.pk},
    routing.add_case: lambda stage: {
        "id": new_id(), "routes": draft(stage), "title": "一", "place": stage.cast.own.pk, "unit": stage.cast.bureau.pk
    },
    routing.try_text: lambda stage: {"routes": draft(stage), "title": "", "text": "路灯", "place": stage.cast.own.pk},
    intake.take_sheet: lambda stage: {"run": brought(stage), "sheet": "a"},
    intake.ask_to_load: lambda stage: {"run": brought(stage), "mode": Mode.ALL},
    notify.forget_account: lambda stage: {"account": stage.cast.account("cadre").pk},
    org.choose_language: lambda stage: {"account": stage.cast.account("cadre"), "language": "en"},
    publications.ask_figures: lambda stage: {"quarter": Quarter(2026, 1)},
    **brought("ALONE"),
}  # fmt: skip
# done by jobs, commands, upgrades and other services alone; in no file of a page or an interface
INSIDE = frozenset({
    "files.services.delete_pictures", "files.services.store_pictures", "households.services.reference.load_tags",
    "intake.services.checking.check_run", "intake.services.retention.forget_old_files",
    "intake.services.loading.load_run", "journal.services.event_of", "journal.services.record",
    "journal.services.record_all", "matters.services.categories.load_categories",
    "matters.services.days.count_next_days",
    "matters.services.days.count_stale_days", "matters.services.days.rebuild_days", "matters.services.days.wrong_days",
    "matters.services.pictures.drop_unused_pictures",
    "matters.services.periodic.draw", "matters.services.periodic.draw_call_backs",
    "matters.services.steps.begin",
    "notify.services.maintenance.sweep_old", "notify.services.sending.send_notice",
    "notify.services.sending.send_notices",
    "org.services.days.load_work_days", "publications.services.texts.index_publications",
    "publications.services.texts.withdraw_publication_of", "visits.services.days.count_next_visit_days",
    "visits.services.days.count_stale_visit_days", "visits.services.days.rebuild_visit_days",
    "visits.services.days.wrong_visit_days", "visits.services.moves.follow_household",
}) | brought("INSIDE").keys()  # fmt: skip
# what a token opens is asked in the one function through which every call of that kind comes
BY_TOKEN = frozenset({
    "open311.services.file_request", "open311.services.file_update", "partners.services.receiving.store_event",
})  # fmt: skip
# refused to others in the tests of the room, where a partner and its receiver are
OPERATORS = frozenset({"partners.services.handshake.ask_welcome", "partners.services.tokens.issue_token"})
# looking at a page writes into the journal that it was looked at
TELLS = frozenset({"record", "record_all", "store_pictures", "delete_pictures", "begin", "draw"})


def draft(stage: Stage) -> Any:
    RouteSet.objects.filter(area=stage.cast.town, state="draft").delete()
    with transaction.atomic():
        by = stage.cast.actor("clerk")
    return routing.draft_routes(id=new_id(), area=stage.cast.town, by=by)


def brought(stage: Stage) -> ImportRun:
    """By somebody else in the same role."""
    values = {"mapping": {"sheets": ["a", "b"]}, "stored": "x", "total_rows": 1, "by": new_id(), "made_at": clock.now()}
    return ImportRun.objects.create(kind="households", state="checked", **values)


@pytest.mark.parametrize("service", list(ALONE), ids=lambda service: service.__name__)
def test_a_service_without_a_scene_refuses_whom_its_rule_refuses(stage: Stage, service: Callable[..., Any]) -> None:
    with transaction.atomic(), stage.cast.everything():
        values = ALONE[service](stage)
    for by in may_not(stage, service):
        assert tried(service, by, values) == "refused", sorted(by.roles) or "nobody"


@pytest.mark.parametrize("service", [intake.take_sheet, intake.ask_to_load], ids=lambda service: service.__name__)
def test_a_table_of_another_clerk_is_no_ones_to_load(stage: Stage, service: Callable[..., Any]) -> None:
    with transaction.atomic(), stage.cast.everything():
        values, by = ALONE[service](stage), stage.cast.actor("clerk")
    assert tried(service, by, values) == "refused"


def test_every_service_is_tried_by_who_may_not_or_is_reached_by_no_page(stage: Stage) -> None:
    made = OWN | INSIDE | OPERATORS | BY_TOKEN | {full_name(one) for one in ALONE}
    for scene in scenes():
        kept = Kept(stage)
        scene.values[0].make(kept)
        made |= {full_name(service) for who, service, _values in kept.calls if who != "system"}
    assert services() - made == set(), "give it a scene, or what it needs"
    assert made - services() <= {"publications.tasks.ask_for_figures"}, "gone"


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
