"""``minqing notify …``: messages that no carrier could deliver, and a message to try a carrier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer
from rich.table import Table

from minqing.core.command import console, echo, ready, show
from minqing.core.language import N_, sentences

if TYPE_CHECKING:
    from minqing.notify.enums import Channel

_ = sentences(__name__)

app = typer.Typer(
    name="notify", no_args_is_help=True, help=_("See what messages could not be delivered, and try a carrier.")
)
RETRIED = N_("{count} will be tried again within a minute.")
DROPPED = N_("{count} given up.")
OPERATOR: Final = "minqing notify"
Ids = Annotated[list[UUID] | None, typer.Argument(help=_("Ids as `minqing notify parked` shows them."))]
All = Annotated[bool, typer.Option("--all", help=_("All that are parked."))]


@app.command(help=_("List messages that were given up: when, through what, why. No address and no text is shown."))
def parked(limit: Annotated[int, typer.Option(min=1, help=_("Show at most so many."))] = 50) -> None:
    ready()
    from minqing.notify.queries import job, outbox_counts
    from minqing.notify.queries import parked as given_up
    from minqing.notify.queries.texts import in_words
    from minqing.privacy.access import transaction_as

    with transaction_as(job()):
        rows, counts = list(given_up()[:limit]), outbox_counts()
    table = Table(_("Id"), _("Made"), _("Channel"), _("Kind"), _("Tries"), _("Why"), box=None)
    for row in rows:
        made = f"{row.made_at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(str(row.pk), made, row.channel, row.kind, str(row.tries), row.error)
    if rows:
        show(table)
    else:
        console.print(_("No message is parked."))
    echo(in_words(counts) or _("Nothing waits in the outbox."))


@app.command(help=_("Let parked messages be tried again. One whose outcome is unknown may then arrive twice."))
def retry(ids: Ids = None, everything: All = False) -> None:
    named = those(ids, everything)
    ready()
    from minqing.core.actor import Actor
    from minqing.notify.services import retry_parked

    print_count(RETRIED, retry_parked(ids=named, by=Actor.system(OPERATOR)))


@app.command(help=_("Give parked messages up for good. The notices in the app stay."))
def drop(ids: Ids = None, everything: All = False) -> None:
    named = those(ids, everything)
    ready()
    from minqing.core.actor import Actor
    from minqing.notify.services import drop_parked

    print_count(DROPPED, drop_parked(ids=named, by=Actor.system(OPERATOR)))


def those(ids: list[UUID] | None, everything: bool) -> list[UUID] | None:
    """The ids that were named, or None for all."""
    if bool(ids) == everything:
        raise typer.BadParameter(_("name ids, or --all"))
    return None if everything else ids


def print_count(sentence: str, count: int) -> None:
    console.print(_(sentence).format(count=count))
    if not count:
        raise typer.Exit(1)


@app.command(
    "test",
    help=_("Send one test message through the outbox and say what became of it. Exit code 1 unless it was taken."),
)
def try_carrier(
    channel: Annotated[str, typer.Argument(help=_("wechat, dingtalk, sms or email."))],
    address: Annotated[str, typer.Argument(help=_("openid, user id, mobile number or e-mail address."))],
    language: Annotated[str, typer.Option(help=_("zh-hans, zh-hant or en."))] = "zh-hans",
) -> None:
    ready()
    from minqing.core.errors import DomainError
    from minqing.notify import carriers
    from minqing.notify.enums import Channel

    usable = carriers.channels()
    if channel not in usable:
        names = ", ".join(usable) or "none"
        raise typer.BadParameter(
            _("{channel} is not set up (set up: {names}); see docs/operations.md").format(channel=channel, names=names)
        )
    try:
        state, error = try_out(Channel(channel), address, language)
    except DomainError as refused:
        console.print(f"[red]{refused.sentence}[/]")
        raise typer.Exit(1) from None
    echo(f"{state}{': ' + error if error else ''}")
    if state != "sent":
        raise typer.Exit(1)


def try_out(channel: Channel, address: str, language: str) -> tuple[str, str]:
    """State and error of a message that was queued and tried once."""
    from minqing.core.actor import Actor
    from minqing.core.ids import new_id
    from minqing.notify.kinds import TEST
    from minqing.notify.queries import job, message_of
    from minqing.notify.services import Outside, checked_address, deliver_due, send_notice
    from minqing.privacy.access import transaction_as

    id = new_id()
    to = Outside(channel, checked_address(channel, address), language)
    by = Actor.system(OPERATOR)
    send_notice(id=id, to=to, kind=TEST, subject="notify:test", params={}, link="/", by=by)
    with transaction_as(job()):
        message = message_of(id)
    deliver_due(limit=1, only=message.pk)
    with transaction_as(job()):
        message = message_of(id)
    return message.state, message.error
