"""``minqing operator`` and ``minqing password``: the first account, and a password for any."""

from __future__ import annotations

from typing import Annotated

import typer

from minqing.core.command import console, ready
from minqing.core.language import sentences

_ = sentences(__name__)
app = typer.Typer()

Make = Annotated[bool, typer.Option("--make", help=_("Make a start password and print it once, instead of asking."))]


@app.command(
    help=_(
        "Give somebody an operator's post: areas, units, accounts and posts are kept at /operator/. Makes the account."
    )
)
def operator(
    username: Annotated[str, typer.Argument(help=_("Name to sign in with."))],
    name: Annotated[str, typer.Option(help=_("The person's name."))] = "",
    make: Make = False,
) -> None:
    ready()
    from django.conf import settings

    from minqing.org.queries import account_by_username

    if not name and account_by_username(username) is None:
        # a slip of a key in a colleague's would make somebody with every right
        sentence = _("There is no account {username}. To make one, give the person's name too: --name …")
        raise typer.BadParameter(sentence.format(username=username))
    appoint(username, name, by="minqing operator")
    give_password(username, make=make)
    console.print(_("The operator's room is at {origin}/operator/").format(origin=settings.ORIGIN), highlight=False)


def appoint(username: str, name: str, *, by: str) -> None:
    """Give an operator's post; ``by``: which command it was. Makes the account if there is none of that name."""
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.org.enums import Role
    from minqing.org.queries import account_by_username
    from minqing.org.services import save_account, save_post

    known = account_by_username(username)
    system = Actor.system(by)
    # an account with a staff number is found by that, one made here by its name
    number = (known.staff_number or "") if known else ""
    named = name or (known.name if known else username)
    with transaction.atomic():
        account, _outcome = save_account(username=username, staff_number=number, name=named, is_active=True, by=system)
        # in no place: the first operator is there before any area is
        save_post(account=account, unit=None, area=None, role=Role.OPERATOR, by=system)


@app.command(help=_("Set the password of an account. Its other sessions end at once."))
def password(
    username: Annotated[str, typer.Argument(help=_("Whose password; a new account has none."))], make: Make = False
) -> None:
    ready()
    give_password(username, make=make)


def give_password(username: str, *, make: bool) -> None:
    from minqing.core.actor import Actor
    from minqing.core.errors import DomainError
    from minqing.org.queries import account_by_username
    from minqing.org.services import set_password, start_password

    account = account_by_username(username)
    if account is None:
        console.print(
            _("[red]There is no account {username}.[/] Import it, or make one with: minqing operator").format(
                username=f"{username!r}"
            )
        )
        raise typer.Exit(1)
    chosen = (
        start_password() if make else str(typer.prompt(_("New password"), hide_input=True, confirmation_prompt=True))
    )
    try:
        set_password(account=account, password=chosen, by=Actor.system("minqing password"))
    except DomainError as error:
        console.print(f"[red]{error.sentence}[/]")
        raise typer.Exit(1) from None
    if make:
        # for a person or a program: the one thing on stdout
        typer.echo(chosen)
    console.print(_("{username} can sign in now.").format(username=username))
