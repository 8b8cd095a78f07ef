"""A table comes in: its file is kept and a run begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import SentBefore, StoredValue
from minqing.core.text import safe_filename
from minqing.intake import storage
from minqing.intake.enums import RunMove
from minqing.intake.kinds import KINDS
from minqing.intake.lifecycle import RUN
from minqing.intake.models import ImportRun
from minqing.intake.rules import may_bring
from minqing.journal.idempotency import claim
from minqing.journal.moves import Moves
from minqing.journal.services import record

NAME_CHARACTERS = 120
RUNS: Final = Moves(
    model=ImportRun,
    lifecycle=RUN,
    events={
        RunMove.LAY_OUT: "intake.run.laid_out",
        RunMove.CHECK: "intake.run.checked",
        RunMove.REFUSE: "intake.run.checked",
        RunMove.LOAD: "intake.run.asked",
        RunMove.FINISH: "intake.run.loaded",
        RunMove.TURN_BACK: "intake.run.stopped",
        RunMove.BREAK_OFF: "intake.run.stopped",
    },
    subject=lambda row: f"import:{row.pk}",
    event_data=lambda row: {"kind": row.kind, "state": str(row.state)},
)


@transaction.atomic
def receive_table(
    *,
    id: UUID,
    kind: str,
    chunks: Iterable[bytes],
    name: str,
    by: Actor,
    sheet: str = "",
    limit: int = storage.UPLOAD_BYTES,
    at: datetime | None = None,
) -> tuple[ImportRun, bool]:
    """Keep the file and begin a run. The same again returns the first run and ``False``; another file: SentBefore."""
    may_bring(by, KINDS.of(kind).roles).require()
    at = at or clock.now()
    kept = storage.keep(chunks, limit=limit)
    try:
        claim(id, "receive_table", {"kind": kind, "sheet": sheet, "file": kept.sha256}, by=by, kept=first_file)
    except SentBefore:
        storage.remove(kept.name)
        raise
    values = {
        "kind": kind,
        "name": safe_filename(name)[-NAME_CHARACTERS:],
        "stored": kept.name,
        "sha256": kept.sha256,
        "sheet": sheet[:60],
        "language": translation.get_language() or "zh-hans",
        "by": by.id,
        "post": by.post,
        "by_name": by.name,
        "made_at": at,
    }
    # of two that arrive at the same moment the second waits here and then finds the first
    run, made = ImportRun.objects.get_or_create(id=id, defaults=values)
    if not made:
        storage.remove(kept.name)
        return run, False
    record(type="intake.run.received", subject=f"import:{run.id}", by=by, at=at, data={"kind": kind})
    return run, True


def first_file(id: UUID, by: Actor) -> Sequence[StoredValue]:
    known = ImportRun.objects.filter(id=id, by=by.id).first()
    return [StoredValue(_("File"), known.name)] if known else ()
