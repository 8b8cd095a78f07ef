"""``minqing journal …``: seal, verify, export and follow the record of everything that happened."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Annotated

import typer

from minqing.core.clock import SHANGHAI
from minqing.core.command import console, echo, ready
from minqing.core.language import sentences

_ = sentences(__name__)

app = typer.Typer(
    name="journal", no_args_is_help=True, help=_("Seal, verify and export the record of everything that happened.")
)


@app.command(help=_("Seal now what the worker would seal within a minute."))
def seal() -> None:
    ready()
    from minqing.journal.sealing import seal_new

    made = seal_new()
    if made is None:
        console.print(_("Nothing new to seal."))
        return
    signed = _("signed") if made.signature else _("not signed (no MINQING_SEAL_KEY)")
    echo(
        _("Seal {number}: {size} events, {signed}. Note it down: {number}:{digest}").format(
            number=made.number, size=made.size, signed=signed, digest=made.digest
        )
    )


@app.command(help=_("Hand what subscribers could not take to them once more; what fails again stays parked."))
def retry() -> None:
    ready()
    from minqing.journal.queries import parked
    from minqing.journal.subscriptions import retry_parked

    taken = left = 0
    for one in list(parked()):
        try:
            retry_parked(one)
            taken += 1
        except Exception as error:  # whatever it is, the next one may go well
            left += 1
            echo(f"{one.subscriber} {one.event_id}: {type(error).__name__}")
    echo(_("{taken} taken, {left} still parked").format(taken=taken, left=left))
    if left:
        raise typer.Exit(1)


@app.command(
    help=_("Is the record unchanged? Names every changed, removed or inserted event; exit code 1 if there is one.")
)
def verify(
    known: Annotated[
        list[str] | None, typer.Option(help=_("A seal that was noted down, as NUMBER:DIGEST. May be repeated."))
    ] = None,
    trust: Annotated[
        list[str] | None, typer.Option(help=_("A public key, in hex, that signed earlier. May be repeated."))
    ] = None,
) -> None:
    noted = dict(map(parse_noted, known or []))
    ready()
    from minqing.journal.verifying import Verdict, verify

    verdict, findings = Verdict(), 0
    for finding in verify(verdict, known=noted, trusted=trust or ()):
        findings += 1
        echo(f"[red]✗[/] {finding.sentence}")
    seen = _("{events} events in {seals} seals ({signed} signed), {unsealed} not sealed yet").format(
        events=verdict.events, seals=verdict.seals, signed=verdict.signed, unsealed=verdict.unsealed
    )
    if findings:
        echo(_("[bold red]{findings} findings[/] in {seen}.").format(findings=findings, seen=seen))
        raise typer.Exit(1)
    echo(_("[green]✓[/] Unchanged: {seen}.").format(seen=seen))
    if verdict.head:
        echo(_("Note down away from this machine: {head}:{digest}").format(head=verdict.head, digest=verdict.digest))


@app.command(help=_("Write the record as CloudEvents 1.0, one JSON a line."))
def export(
    since: Annotated[
        str, typer.Option(help=_("Recorded from this day or moment on (2026-09-30, or with a time)."))
    ] = "",
    until: Annotated[str, typer.Option(help=_("Recorded until this day, itself included, or before a moment."))] = "",
    type: Annotated[
        list[str] | None,
        typer.Option(help=_("Only events of this type; matters.* for all of a room. May be repeated.")),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help=_("File to write; without it, stdout."))] = None,
) -> None:
    begin, end = parse_moment(since), parse_moment(until, whole_day=True)
    ready()
    if output is None:
        count = write_lines(sys.stdout, begin, end, type or [])
    else:
        with output.open("w", encoding="utf-8", newline="\n") as file:
            count = write_lines(file, begin, end, type or [])
    console.print(_("{count} events written.").format(count=count))


@app.command(help=_("Deliver events to subscribers as they come, until Ctrl-C (the worker does it too)."))
def follow() -> None:
    ready()
    from minqing.journal.notify_listener import follow
    from minqing.journal.subscriptions import subscriptions

    names = ", ".join(subscription.name for subscription in subscriptions())
    console.print(_("Following for: {value}. Stop with Ctrl-C.").format(value=names or _("nobody")))
    try:
        follow()
    except KeyboardInterrupt:
        console.print(_("Stopped."))


def write_lines(file: IO[str], begin: datetime | None, end: datetime | None, types: list[str]) -> int:
    from minqing.journal.exporting import export_events

    count = 0
    for event in export_events(since=begin, until=end, types=types):
        file.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
        count += 1
    file.flush()
    return count


def parse_moment(text: str, *, whole_day: bool = False) -> datetime | None:
    """A day or a moment as typed, local where it names no zone; ``whole_day`` turns a day into its end."""
    if not text:
        return None
    try:
        if len(text) == len("2026-09-30"):
            day = date.fromisoformat(text) + timedelta(days=whole_day)
            return datetime.combine(day, time(), tzinfo=SHANGHAI)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            _("{text} is no day or moment; write 2026-09-30 or 2026-09-30T08:00").format(text=text)
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def parse_noted(text: str) -> tuple[int, str]:
    number, _colon, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise typer.BadParameter(
            _("{text} is not a seal as `minqing journal verify` shows it (NUMBER:DIGEST)").format(text=text)
        )
    return int(number), digest.lower()
