"""What is tried with a county that came out of a backup, and by whom: a process of its own, which has its settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minqing.config.carriers import Carriers
from minqing.config.env import all_keys, env
from minqing.config.processes import Unfit
from minqing.config.words import N_, _

JOURNAL: Final = N_("journal")
SIGN_IN: Final = N_("sign-in page")
OPENED: Final = N_("pages of a person")
ALL: Final = (JOURNAL, SIGN_IN, OPENED)
Looks = Sequence[str]
# what would lead to another place than the one that is looked into, and what would send somebody a notice from there
ELSEWHERE: Final = {
    "DATABASE_URL", "OWNER_DATABASE_URL", "DIRECT_DATABASE_URL", "BACKUP_DATABASE_URL",
    *(name.upper() for name in Carriers.model_fields),
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What one look found; ``seconds`` by the clock."""

    name: str
    well: bool
    seen: str
    seconds: float


def look_into(pgdata: Path, var: Path, looks: Looks) -> list[Seen]:
    """By a process of its own: this one has another county's settings, or none."""
    given = {
        f"MINQING_{name.upper()}": ",".join(value) if isinstance(value, list) else str(value)
        for name, value in all_keys().items()
        if value
    }
    places = {"MINQING_VAR": str(var), "MINQING_PGDATA": str(pgdata), "MINQING_DB_NAME": env().minqing_db_name}
    if env().minqing_origin:
        # that of its own minqing.env is not read there
        places["MINQING_ORIGIN"] = env().minqing_origin
    kept = {name: value for name, value in os.environ.items() if name.upper() not in ELSEWHERE}
    done = subprocess.run(
        [sys.executable, "-m", "minqing.config.restored", *looks],
        env=kept | given | places, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = [str(done.returncode), *done.stderr.strip().splitlines()]
        raise Unfit(_("The county in the backup cannot be looked into: {what}").format(what=said[-1]))
    return [Seen(**one) for one in json.loads(done.stdout)]
