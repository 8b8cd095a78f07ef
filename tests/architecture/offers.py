"""What is offered to somebody on some pages, sent as it stands there, and then as if it had not been."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import resolve

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.org.enums import Role
from tests.architecture.addresses import addresses
from tests.architecture.forms import Offered, Page
from tests.architecture.of_rooms import brought
from tests.cast import Cast

# the address's name and arguments, and what was pressed where several things can be
Key = tuple[str, ...]
PRESSED = ("act", "approve", "mode", "what")
GATES = {one.name: one.gate.roles for one in addresses() if one.gate}


@dataclass(frozen=True)
class Scene:
    """Pages of something as it stands, and who may do what there. ``filled``: by address, what is typed."""

    pages: Sequence[str]
    acts: Mapping[Key, Callable[[Actor], Any]]
    filled: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    action: str
    values: Mapping[str, Any]


def offers(client: Client, role: Role, scene: Scene) -> dict[Key, Offer]:
    """Those of the acts that the pages show to the client, as they would be sent."""
    found: dict[Key, Offer] = {}
    for address in scene.pages:
        if role not in GATES[resolve(address).view_name]:
            continue
        answer = client.get(address)
        if answer.status_code == 200:
            for form in Page(answer.content.decode()).forms:
                found |= dict(ways(form, address, scene))
    return found


def is_form(address: str) -> bool:
    """That of an act. Asked when it is needed: a room's scenes are read before all acts are known."""
    from tests.architecture import acts as house

    return address not in house.ASKING and any(act.url == address for act in house.ACTS.values())


def ways(form: Offered, address: str, scene: Scene) -> Iterator[tuple[Key, Offer]]:
    """One for each button."""
    for button in form.buttons if form.method == "post" else ():
        action = urljoin(address, button.get("formaction") or form.action)
        to = resolve(urlsplit(action).path)
        if is_form(to.view_name):
            pressed = {button["name"] or "": button.get("value")} if button.get("name") else {}
            values = form.filled() | pressed | dict(scene.filled.get(to.view_name, {}))
            told = [str(values[name]) for name in PRESSED if values.get(name)]
            yield (to.view_name, *map(str, to.kwargs.values()), *told), Offer(action, values)


def footprint(cast: Cast) -> tuple[Any, ...]:
    """By which it is told that something was done."""
    with cast.everything():
        # that somebody was refused is written down, too
        events = Event.objects.exclude(type__in=["org.page.refused", "org.page.not_found"]).count()
        return (events, *(look() for look in brought("FOOTPRINT")))


def sent(cast: Cast, client: Client, offer: Offer) -> tuple[int, bool, str]:
    """Status, whether it did something, and the page."""
    with transaction.atomic():
        before = footprint(cast)
        values = {name: value() if callable(value) else value for name, value in offer.values.items()}
        if "request_id" in values:
            values["request_id"] = str(new_id())
        answer = client.post(offer.action, values)
        text = "" if answer.streaming else answer.content.decode(errors="replace")
        done = footprint(cast) != before
        transaction.set_rollback(True)
    return answer.status_code, done, text


def walk(cast: Cast, scene: Scene) -> list[str]:
    """What is wrong: offered against the rule or the other way round, offered and refused, refused and done.

    Whom the gate of a page keeps out is looked at in ``test_acts.py``.
    """
    clients = {role: cast.client(role.value) for role in Role}
    shown = {role: offers(clients[role], role, scene) for role in Role}
    known = {key: offer for one in shown.values() for key, offer in one.items()}
    wrong = [f"nobody has a rule for {key}" for key in known.keys() - scene.acts.keys()]
    for role in Role:
        actor, client = cast.actor(role.value), clients[role]
        allowed = {key for key, rule in scene.acts.items() if rule(actor)}
        wrong += [f"{role}: {key} is offered against its rule" for key in shown[role].keys() - allowed]
        wrong += [f"{role}: {key} is allowed and not offered" for key in allowed - shown[role].keys()]
        for key, offer in known.items():
            if role not in GATES[key[0]]:
                continue
            status, done, page = sent(cast, client, shown[role].get(key, offer))
            if key in shown[role] and (status >= 400 or not (done or key[0] in brought("TRIES"))):
                wrong.append(f"{role}: {key} is offered and answers {status}: {said(page)}")
            if key not in shown[role] and (status < 400 or done):
                wrong.append(f"{role}: {key} is not offered and answers {status}")
    return wrong


def in_own(cast: Cast, rule: Callable[[Actor, int], Any]) -> Callable[[Actor], Any]:
    """A rule about the village that all of the cast have to do with."""
    return lambda actor: rule(actor, cast.own.id)


def said(page: str) -> str:
    """What the page says is wrong."""
    return " ".join(re.findall(r"<li>[^<]+|<li><a href=\"#[^<]*</a>[^<]*|<h1[^<]*<|alert[^>]*>.{0,200}", page))[:400]
