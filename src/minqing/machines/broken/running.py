"""The run: machines and people go on while processes are killed; after each kill, and at the end, all must fit."""

from __future__ import annotations

import time
from collections import Counter
from random import Random
from typing import Any, Final

import psycopg

from minqing.core.plays import Ground, Outcome
from minqing.machines.broken.scenes import Apart, Here, Scene

HERE, APART, SLOTS = 8, 1, 9
# a kill for so many faults of other kinds, so that there is something under way each time
FAULTS_A_KILL: Final = 250
SETTLED_SECONDS: Final = 240.0
INSIDE: Final = "minqing.machines.broken.inside"
# of each, what must be nothing at any moment
ALWAYS: Final = {
    "the sum of all accounts": """
        SELECT coalesce((SELECT sum(posted) FROM points_balance), 0)
            + coalesce((SELECT sum(amount) FROM points_delta), 0)
    """,
    "accounts below zero": "SELECT count(*) FROM points_balance WHERE floored AND (posted < held OR held < 0)",
    "exchanges that ended without points taken": """
        SELECT count(*) FROM machines_vend v WHERE v.state IN ('done', 'lost')
        AND NOT EXISTS (SELECT FROM points_transfer t WHERE t.id = v.transfer AND t.amount = v.price)
    """,
    "exchanges called off whose points are gone": """
        SELECT count(*) FROM machines_vend v JOIN points_holdend x ON x.hold_id = v.hold
        WHERE v.state IN ('failed', 'called_off') AND x.how = 'posted'
    """,
    "exchanges under way whose points are not held": """
        SELECT count(*) FROM machines_vend v WHERE v.state IN ('given', 'unknown')
        AND EXISTS (SELECT FROM points_holdend x WHERE x.hold_id = v.hold)
    """,
    "exchanges paid twice": """
        SELECT count(*) FROM (SELECT about FROM points_transfer WHERE about LIKE 'vend:%' AND reverses IS NULL
            GROUP BY about HAVING count(*) > 1) AS twice
    """,
}
STATES: Final = "SELECT id::text, state FROM machines_vend"


def run(ground: Ground, *, seed: int, faults: int, minutes: float) -> Outcome:
    """Until there were ``faults``, or ``minutes`` are over."""
    counts: Counter[str] = Counter()
    laid = ground.inside(f"{INSIDE}:laid_out", {"machines": HERE + APART, "slots": SLOTS})
    scenes: list[Scene] = []
    for number, one in enumerate(laid):
        made = Here if number < HERE else Apart
        scenes.append(made(ground, one, number, SLOTS, Random(f"{seed}:{number}"), counts))  # noqa: S311
    found, end = Outcome(), time.monotonic() + 60 * minutes
    try:
        for scene in scenes:
            scene.begin()
        kills = broken(ground, scenes, Random(seed), counts, faults, end, found)  # noqa: S311
        settle(ground, scenes, found)
        told = ground.inside(f"{INSIDE}:books", {"machines": [one.told() for one in scenes]})
    finally:
        for scene in scenes:
            scene.close()
    found.faults = dict(counts)
    found.wrong += told["wrong"]
    for one in scenes:
        found.figures |= Counter(found.figures) + one.person.refused
    found.figures |= {f"exchanges {state}": times for state, times in told["states"].items()}
    found.figures |= {"kills": kills, "looks at the books": kills + 1, "pieces that fell": told["fallen"]}
    found.figures["starts of machines"] = sum(one.starts for one in scenes)
    return found


def broken(
    ground: Ground, scenes: list[Scene], dice: Random, counts: Counter[str], faults: int, end: float, found: Outcome
) -> int:
    """Kill, wait, look, go on. Returns how often."""
    kills = 0
    while (total := counts.total()) < faults and time.monotonic() < end and not found.wrong:
        if total < kills * FAULTS_A_KILL:
            time.sleep(0.2)
            continue
        kind = dice.choice(ground.kinds)
        ground.kill(kind, dice)
        counts[f"kill {kind}"] += 1
        kills += 1
        begun = time.monotonic()
        if not ground.until_well():
            found.wrong.append(f"not well again after {kind}")
            break
        found.wrong += [f"after {kind}: {one}" for one in looked_at(ground, scenes)]
        found.wrong += [f"after {kind}: {one.wrong}" for one in scenes if one.wrong]
        ground.say(f"{counts.total()}/{faults} {kind}: {time.monotonic() - begun:.1f} s")
    return kills


def looked_at(ground: Ground, scenes: list[Scene]) -> list[str]:
    """What is not as it must be while all goes on: the database has one view, and what it must hold is read before."""
    fallen = [id for one in scenes for id in one.fallen()]
    ours = {id for one in scenes for id in one.person.chosen}
    wrong = [] if len(fallen) == len(set(fallen)) else ["a piece fell twice for one exchange"]
    with ground.database() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            for name, sentence in ALWAYS.items():
                row = connection.execute(sentence).fetchone()
                wrong += [f"{name}: {row[0]}"] if row and row[0] else []
            states: dict[str, Any] = dict(connection.execute(STATES).fetchall())
    since = {id for one in scenes for id in one.fallen()}
    for id in fallen:
        if states.get(id) in {None, "reserved", "failed", "called_off"}:
            wrong.append(f"{id} fell and is {states.get(id)}")
    wrong += [f"{id} is done and did not fall" for id in ours if states.get(id) in {"done", "lost"} and id not in since]
    wrong += [f"{id} was acknowledged and is not there" for id in ours if id not in states]
    return wrong


def settle(ground: Ground, scenes: list[Scene], found: Outcome) -> None:
    """Nothing goes wrong any more: machines say all that they know, and somebody looks at what nobody knows."""
    for scene in scenes:
        scene.calm()
    end = time.monotonic() + SETTLED_SECONDS
    while not quiet(ground, scenes) and not any(one.wrong for one in scenes) and time.monotonic() < end:
        time.sleep(0.5)
    found.wrong += [f"{one.code} did not come to rest" for one in scenes if not one.idle()]
    found.wrong += [f"{one.code}: {one.wrong}" for one in scenes if one.wrong]
    found.figures["decided by somebody who looked"] = ground.inside(
        f"{INSIDE}:looked", {one.code: list(one.fallen()) for one in scenes}
    )
    code, told = ground.command("points", "verify")
    found.wrong += [] if code == 0 else [f"points verify: {told[-300:]}"]


def quiet(ground: Ground, scenes: list[Scene]) -> bool:
    with ground.database() as connection:
        row = connection.execute(
            "SELECT count(*) FROM machines_vend v JOIN machines_machine m ON m.id = v.machine_id "
            "WHERE m.code = ANY(%s) AND (v.state IN ('reserved', 'given') OR v.state = 'unknown' AND v.told = '')",
            [[one.code for one in scenes]],
        ).fetchone()
    return bool(row) and row[0] == 0 and all(one.idle() for one in scenes)  # type: ignore[index]
