"""``minqing partners …``: other systems, their tokens, what they are sent and what came from them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from uuid import UUID

import typer
from rich.table import Table

from minqing.core.command import console, echo, ready, show
from minqing.core.language import sentences

if TYPE_CHECKING:
    from minqing.core.actor import Actor

_ = sentences(__name__)

app = typer.Typer(name="partners", no_args_is_help=True, help=_("Let other systems in: hotlines, city brains, police."))
MOST_SHOWN = 50
Code = Annotated[str, typer.Argument(help=_("The partner's code."))]


def acting() -> Actor:
    from minqing.core.actor import Actor

    return Actor.system("minqing partners")


def stop(sentence: object) -> NoReturn:
    console.print(f"[red]{sentence}[/]")
    raise typer.Exit(1)


def partner_or_stop(code: str) -> Any:
    from minqing.partners.queries import partner_by_code

    partner = partner_by_code(code)
    if partner is None:
        stop(_("There is no partner {code}. Add it with: minqing partners add").format(code=repr(code)))
    return partner


@app.command(help=_("Add a partner, or change the one of that code."))
def add(
    code: Code,
    name: Annotated[str, typer.Option(help=_("The partner's name."))],
    area: Annotated[str, typer.Option(help=_("Code of the area it may see."))],
    unit: Annotated[str, typer.Option(help=_("Code of the unit it acts for."))] = "",
    contact: Annotated[str, typer.Option(help=_("Whom to call."))] = "",
    inactive: Annotated[bool, typer.Option("--inactive", help=_("Switch it off."))] = False,
) -> None:
    ready()
    from minqing.org.queries import area_by_code, unit_by_code
    from minqing.partners.services import register_partner

    place = area_by_code(area) or stop(_("There is no area {area}.").format(area=repr(area)))
    acts_for = (unit_by_code(unit) or stop(_("There is no unit {unit}.").format(unit=repr(unit)))) if unit else None
    register_partner(code=code, name=name, area=place, unit=acts_for, contact=contact, active=not inactive, by=acting())
    console.print(_("{code} is known. Give it a token with: minqing partners token {code}").format(code=code))


@app.command(help=_("Issue a token and print it, once: only its digest is kept."))
def token(
    code: Code,
    scope: Annotated[list[str], typer.Option(help=_("What it opens, say matters:report. May be repeated."))],
    label: Annotated[str, typer.Option(help=_("What it is for."))] = "",
    rate: Annotated[int, typer.Option(help=_("Calls a minute."))] = 60,
    burst: Annotated[int, typer.Option(help=_("Calls at once."))] = 20,
    days: Annotated[int, typer.Option(help=_("Days until it expires; 0: never."))] = 0,
    network: Annotated[list[str] | None, typer.Option(help=_("Where it may come from (203.0.113.0/24)."))] = None,
) -> None:
    ready()
    from minqing.core import clock
    from minqing.core.errors import DomainError
    from minqing.partners.kinds import SCOPES
    from minqing.partners.services import issue_token

    names = ", ".join(one.code for one in SCOPES)
    if wrong := [one for one in scope if SCOPES.get(one) is None]:
        stop(_("{wrong}: choose of {names}").format(wrong=", ".join(wrong), names=names))
    expires = clock.now() + timedelta(days=days) if days else None
    try:
        made, text = issue_token(
            partner=partner_or_stop(code),
            label=label or "minqing partners",
            scopes=scope,
            rate=rate,
            burst=burst,
            expires_at=expires,
            networks=network or (),
            by=acting(),
        )
    except DomainError as error:
        stop(error.sentence)
    # for a person or a program: the one thing on stdout
    typer.echo(text)
    console.print(_("Token {id} of {code}. It is not shown again.").format(id=made.id, code=code))


@app.command(
    help=_(
        "Give the partner a secret to sign what it sends; print it, once. The former one is taken for seven days more."
    )
)
def secret(code: Code) -> None:
    ready()
    from minqing.partners.services import give_secret

    typer.echo(give_secret(partner=partner_or_stop(code), by=acting()))
    console.print(
        _("It signs what it sends to /partners/events?partner={code} and /partners/inbox/{code}.").format(code=code)
    )


@app.command(help=_("Say how the partner's own JSON is read, where it speaks no CloudEvents."))
def mapping(
    code: Code,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_("YAML: see docs/partners.md."))],
) -> None:
    ready()
    from minqing.core.errors import DomainError
    from minqing.partners.services import register_partner

    one = partner_or_stop(code)
    try:
        register_partner(
            code=code,
            name=one.name,
            area=one.area,
            unit=one.unit,
            contact=one.contact,
            active=one.active,
            mapping=file.read_text(encoding="utf-8"),
            by=acting(),
        )
    except DomainError as error:
        stop(error.sentence)
    console.print(_("{code} may post its own JSON to /partners/inbox/{code}.").format(code=code))


@app.command(help=_("Send the partner events; prints the secret that signs them when it is new."))
def endpoint(
    code: Code,
    url: Annotated[str, typer.Argument(help=_("Where the partner takes events (https)."))],
    type: Annotated[
        list[str] | None, typer.Option(help=_("Types of events; cn.minqing.matter.* unless given."))
    ] = None,
    off: Annotated[bool, typer.Option("--off", help=_("Switch it off."))] = False,
    rotate: Annotated[
        bool, typer.Option("--rotate", help=_("Give it a new secret; both sign for seven days."))
    ] = False,
) -> None:
    ready()
    from minqing.core.errors import DomainError
    from minqing.partners.queries import endpoints
    from minqing.partners.services import ask_welcome, rotate_secret, save_endpoint

    partner = partner_or_stop(code)
    new = not endpoints().filter(partner=partner, url=url).exists()
    types = type or ["cn.minqing.matter.*"]
    try:
        kept = save_endpoint(partner=partner, url=url, types=types, active=not off, by=acting())
    except DomainError as error:
        stop(error.sentence)
    if not off and not ask_welcome(endpoint=kept, by=acting()):
        console.print(_("It did not say that it wants events (OPTIONS); it is sent them all the same."))
    if rotate:
        kept = rotate_secret(endpoint=kept, by=acting())
    if new or rotate:
        typer.echo(kept.secret)
    console.print(_("Switched off.") if off else _("{code} is sent {types}.").format(code=code, types=", ".join(types)))


@app.command(help=_("List what could not be delivered or taken over, and why."))
def dead() -> None:
    ready()
    from django.db import transaction

    from minqing.partners.enums import DeliveryState
    from minqing.partners.queries import deliveries, inbox_actor, laid_aside
    from minqing.privacy.access import acting_as

    table = Table(_("Way"), _("Id"), _("Partner"), _("Type"), _("Since"), _("Why"))
    for one in deliveries(DeliveryState.DEAD)[:MOST_SHOWN]:
        why = str(one.status or one.error)
        table.add_row("out", str(one.id), one.endpoint.partner.code, one.type, f"{one.queued_at:%Y-%m-%d %H:%M}", why)
    with transaction.atomic(), acting_as(inbox_actor()):
        for row in laid_aside()[:MOST_SHOWN]:
            since = f"{row.received_at:%Y-%m-%d %H:%M}"
            table.add_row("in", str(row.id), row.partner.code, row.type, since, row.code)
    show(table)


@app.command(help=_("Say that what was laid aside is done with: it waits for nobody any more."))
def settle(id: Annotated[str, typer.Argument(help=_("As `minqing partners dead` shows it."))]) -> None:
    ready()
    from minqing.core.errors import DomainError
    from minqing.partners.queries import delivery_by_id
    from minqing.partners.services import settle_delivery, settle_event

    try:
        if found := delivery_by_id(id):
            settle_delivery(delivery=found, by=acting())
        else:
            settle_event(event_id=UUID(id), by=acting())
    except (DomainError, ValueError) as error:
        stop(getattr(error, "sentence", f"There is nothing of the id {id!r}."))
    console.print(_("It is done with."))


@app.command(help=_("Send again, or take over anew, what was laid aside."))
def replay(
    id: Annotated[str, typer.Argument(help=_("As `minqing partners dead` shows it."))] = "",
    all: Annotated[str, typer.Option("--all", help=_("All that was laid aside of the partner of this code."))] = "",
) -> None:
    ready()
    if all:
        from minqing.partners.services import replay_all, take_over_due

        sent, taken = replay_all(partner=partner_or_stop(all), by=acting())
        done = take_over_due()
        console.print(
            _("{sent} are sent again within a minute; of {taken} read again {done} were taken over.").format(
                sent=sent, taken=taken, done=done
            )
        )
        return
    from minqing.core.errors import DomainError
    from minqing.partners.queries import delivery_by_id
    from minqing.partners.services import replay_delivery, replay_event, take_over

    try:
        if found := delivery_by_id(id):
            replay_delivery(delivery=found, by=acting())
            console.print(_("It is sent again within a few seconds."))
        else:
            row = take_over(replay_event(event_id=UUID(id), by=acting()).pk)
            echo(f"{row.state} {row.code}".strip())
    except (DomainError, ValueError) as error:
        stop(getattr(error, "sentence", f"There is nothing of the id {id!r}."))


@app.command(help=_("Revoke a token: from now on it opens nothing."))
def revoke(id: Annotated[str, typer.Argument(help=_("The token's id, as `minqing partners list` shows it."))]) -> None:
    ready()
    from minqing.partners.queries import token_by_id
    from minqing.partners.services import revoke_token

    found = token_by_id(id) or stop(_("There is no token {id}.").format(id=repr(id)))
    revoke_token(token=found, by=acting())
    console.print(_("Revoked."))


@app.command("list", help=_("List partners and their tokens."))
def list_partners() -> None:
    ready()
    from minqing.partners.queries import partners as all_partners
    from minqing.partners.queries import tokens_of

    table = Table(_("Partner"), _("Area"), _("Unit"), _("Token"), _("Scopes"), _("Last used"), _("State"))
    for one in all_partners():
        state = "" if one.active else "switched off"
        table.add_row(one.code, one.area.code, one.unit.code if one.unit else "", "", "", "", state)
        for key in tokens_of(one):
            state = "revoked" if key.revoked_at else ""
            table.add_row("", "", "", str(key.id), ", ".join(key.scopes), str(key.last_used_on or "never"), state)
    show(table)
