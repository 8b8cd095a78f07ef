"""``minqing partners …``: other systems, their tokens, what they are sent and what came from them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.table import Table

from minqing.config.cli import app
from minqing.config.cli.base import console, ready

if TYPE_CHECKING:
    from minqing.core.actor import Actor

partners = typer.Typer(no_args_is_help=True, help="Let other systems in: hotlines, city brains, police.")
app.add_typer(partners, name="partners")
Code = Annotated[str, typer.Argument(help="The partner's code.")]


def acting() -> Actor:
    from minqing.core.actor import Actor

    return Actor.system("minqing partners")


def stop(sentence: object) -> NoReturn:
    console.print(f"[red]{sentence}[/]")
    raise typer.Exit(1)


def known(code: str) -> Any:
    from minqing.partners.queries import partner_by_code

    partner = partner_by_code(code)
    if partner is None:
        stop(f"There is no partner {code!r}. Add it with: minqing partners add")
    return partner


@partners.command()
def add(
    code: Code,
    name: Annotated[str, typer.Option(help="The partner's name.")],
    area: Annotated[str, typer.Option(help="Code of the area it may see.")],
    unit: Annotated[str, typer.Option(help="Code of the unit it acts for.")] = "",
    contact: Annotated[str, typer.Option(help="Whom to call.")] = "",
    inactive: Annotated[bool, typer.Option("--inactive", help="Switch it off.")] = False,
) -> None:
    """Add a partner, or change the one of that code."""
    ready()
    from minqing.org.queries import area_by_code, unit_by_code
    from minqing.partners.services import register_partner

    place = area_by_code(area) or stop(f"There is no area {area!r}.")
    acts_for = (unit_by_code(unit) or stop(f"There is no unit {unit!r}.")) if unit else None
    register_partner(code=code, name=name, area=place, unit=acts_for, contact=contact, active=not inactive, by=acting())
    console.print(f"{code} is known. Give it a token with: minqing partners token {code}")


@partners.command()
def token(
    code: Code,
    scope: Annotated[list[str], typer.Option(help="What it opens, say matters:report. May be repeated.")],
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    rate: Annotated[int, typer.Option(help="Calls a minute.")] = 60,
    burst: Annotated[int, typer.Option(help="Calls at once.")] = 20,
    days: Annotated[int, typer.Option(help="Days until it expires; 0: never.")] = 0,
    network: Annotated[list[str] | None, typer.Option(help="Where it may come from (203.0.113.0/24).")] = None,
) -> None:
    """Issue a token and print it, once: only its digest is kept."""
    ready()
    from minqing.core import clock
    from minqing.core.errors import DomainError
    from minqing.partners.enums import Scope
    from minqing.partners.services import issue_token

    names = ", ".join(one.value for one in Scope)
    if wrong := [one for one in scope if one not in set(Scope)]:
        stop(f"{', '.join(wrong)}: choose of {names}")
    expires = clock.now() + timedelta(days=days) if days else None
    try:
        made, text = issue_token(
            partner=known(code), label=label or "minqing partners", scopes=[Scope(one) for one in scope], rate=rate,
            burst=burst, expires_at=expires, networks=network or (), by=acting(),
        )  # fmt: skip
    except DomainError as error:
        stop(error.sentence)
    # for a person or a program: the one thing on stdout
    typer.echo(text)
    console.print(f"Token {made.id} of {code}. It is not shown again.")


@partners.command()
def revoke(id: Annotated[str, typer.Argument(help="The token's id, as `minqing partners list` shows it.")]) -> None:
    """Revoke a token: from now on it opens nothing."""
    ready()
    from minqing.partners.queries import token_by_id
    from minqing.partners.services import revoke_token

    found = token_by_id(id) or stop(f"There is no token {id!r}.")
    revoke_token(token=found, by=acting())
    console.print("Revoked.")


@partners.command("list")
def list_partners() -> None:
    """List partners and their tokens."""
    ready()
    from minqing.partners.queries import partners as all_partners
    from minqing.partners.queries import tokens_of

    table = Table("Partner", "Area", "Unit", "Token", "Scopes", "Last used", "State")
    for one in all_partners():
        state = "" if one.active else "switched off"
        table.add_row(one.code, one.area.code, one.unit.code if one.unit else "", "", "", "", state)
        for key in tokens_of(one):
            state = "revoked" if key.revoked_at else ""
            table.add_row("", "", "", str(key.id), ", ".join(key.scopes), str(key.last_used_on or "never"), state)
    console.print(table)
