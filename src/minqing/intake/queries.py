"""Reading runs: everybody sees the own ones, in the post in which they were brought."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.text import safe_filename
from minqing.intake.enums import Mode, RunState
from minqing.intake.kinds import KINDS, Option
from minqing.intake.models import ImportRun


def visible_runs(actor: Actor) -> QuerySet[ImportRun]:
    """The actor's own of the post it acts in, newest first: a marked-up table shows people of that post's area.

    The system (the command line) sees those that it brought.
    """
    if actor.kind == "resident" or (actor.kind == "user" and actor.id is None):
        return ImportRun.objects.none()
    return ImportRun.objects.filter(by=actor.id, post=actor.post).order_by("-made_at", "-id")


def visible_run(actor: Actor, run: UUID) -> ImportRun:
    found = visible_runs(actor).filter(id=run).first()
    if found is None:
        raise NotFound("import_run")
    return found


def locked_run(actor: Actor, run: UUID) -> ImportRun:
    """The same, held until the transaction ends."""
    found = visible_runs(actor).select_for_update().filter(id=run).first()
    if found is None:
        raise NotFound("import_run")
    return found


def is_alone(run: ImportRun) -> bool:
    """Whether it is of a kind that two people bring, and nobody else has brought the same and read the same of it. Who
    keeps the machine, and brings it on the command line, is asked for no second.
    """
    if KINDS.of(run.kind).seconded is None or run.by is None:
        return False
    same = {"kind": run.kind, "sha256": run.sha256, "mapping__sum": run.mapping.get("sum")}
    # of one file another sheet, or other columns, may give as much to other people
    same |= {"mapping__sheet": run.mapping.get("sheet")}
    same |= {f"layout__{name}": run.layout.get(name) for name in ("heading_row", "columns")}
    counts = {"total_rows": run.total_rows, "problem_rows": run.problem_rows}
    others = ImportRun.objects.filter(**same, **counts, by__isnull=False).exclude(by=run.by)
    return not others.exclude(state__in=[RunState.CHECKING, RunState.REFUSED]).exists()


def name_to_correct(name: str) -> str:
    """What the rows to be corrected of the file ``name`` are called, in the reader's language, without a suffix."""
    return safe_filename(_("To correct: %(name)s") % {"name": name}).rpartition(".")[0]


def sheets_in(run: ImportRun) -> list[str]:
    """Those that may be named: the one that was read, and those among which there is a choice. Empty: as it fits."""
    return list(dict.fromkeys(["", run.sheet, run.mapping.get("sheet", ""), *run.mapping.get("sheets", [])]))


def half_loaded(actor: Actor, *, kind: str, sha256: str, sheet: str) -> ImportRun | None:
    """A run of the same file whose load of the valid rows was cut off: to be continued, not begun anew."""
    return (
        visible_runs(actor)
        .filter(kind=kind, sha256=sha256, sheet=sheet, mode=Mode.VALID, state__in=[RunState.LOADING, RunState.FAILED])
        .filter(done_rows__gt=0)
        .exclude(stored="")
        .first()
    )


def option_taken(run: ImportRun) -> Option | None:
    """What was chosen for a run of which something is loaded: its rest is loaded alike. None while it may be chosen."""
    choice = KINDS.of(run.kind).choice
    if choice is None or not run.done_rows:
        return None
    code = choice.taken(run.choice)
    return next(one for one in choice.options if one.code == code)


def options_of(run: ImportRun) -> list[tuple[Option, str]]:
    """The ways of loading, each with what it means for some of the rows."""
    choice, warned = KINDS.of(run.kind).choice, run.mapping.get("warned", {})
    options = choice.options if choice else ()
    return [(one, one.warning % {"number": warned[one.code]} if warned.get(one.code) else "") for one in options]
