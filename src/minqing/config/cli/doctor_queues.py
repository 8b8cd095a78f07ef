"""What ``minqing doctor`` says of work that waits, fails again and again, or was given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from minqing.config.words import N_, _

# an export waits for a person, who may be off until tomorrow
EXPORT_WAITS = timedelta(hours=24)
MOST_NAMED = 5
# of each task the failures that no later run has made good; the retries of a job that is not done yet
JOBS = """
SELECT task_name, status = 'failed' AS failed, count(*) FROM procrastinate_jobs j
WHERE (status = 'failed' AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs later WHERE later.id > j.id
       AND later.task_name = j.task_name AND later.args - 'timestamp' = j.args - 'timestamp'
       AND later.status = 'succeeded'))
   OR (status IN ('todo', 'doing') AND attempts >= 2)
GROUP BY 1, 2 ORDER BY 1
"""
# the operator has seen to it by other means: the next failure is told again
SETTLE = "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'failed' AND task_name = %s"


@dataclass(frozen=True)
class Queue:
    """One thing looked at, as :class:`minqing.config.cli.doctor.Finding` has it."""

    name: str
    well: bool
    seen: str
    mend: str


def queues() -> list[Queue]:
    return [
        jobs(),
        periodic(),
        matters_left(),
        events_parked(),
        exports(),
        carriers(),
        deliveries(),
        inbox(),
        endpoints(),
        secrets(),
    ]


def named(counts: Counter[str], *, nothing: str) -> str:
    """``3 hotline, 1 police``: the most first, and how many more there are."""
    shown = [f"{count} {name}" for name, count in counts.most_common(MOST_NAMED)]
    more = len(counts) - MOST_NAMED
    return ", ".join([*shown, f"… {more}"] if more > 0 else shown) or nothing


def finding(name: str, counts: Iterable[str] | Counter[str], mend: str) -> Queue:
    found = counts if isinstance(counts, Counter) else Counter(counts)
    return Queue(name, not found, named(found, nothing=_("none")), mend)


def jobs() -> Queue:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        rows = cursor.fetchall()
    how = {True: _("failed"), False: _("again and again")}
    counts = Counter({f"{task} ({how[failed]})": count for task, failed, count in rows})
    return finding(
        N_("jobs"), counts,
        _("These jobs fail. Look in the log for the task's name, mend the cause; the next run then makes it good. If "
          "none will come, “minqing doctor --settle <task>” says that it was seen to."),
    )  # fmt: skip


def periodic() -> Queue:
    from minqing.config.jobs import last_runs

    runs = last_runs()
    late = [one for one in runs if one.late]
    return Queue(
        N_("periodic jobs"), not late, ", ".join(one.told() for one in late or runs),
        _("These jobs have not succeeded when they should have (the time is that of their last success). Look whether "
          "the worker runs, and in the log for the job's name."),
    )  # fmt: skip


def settle_jobs(*, task: str) -> int:
    """Say that the failed jobs of a task were seen to; returns how many. One event tells who did and how many."""
    from django.db import connection, transaction

    from minqing.core.actor import Actor
    from minqing.journal.services import record

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTLE, [task])
        if cursor.rowcount:
            by, data = Actor.system("minqing doctor"), {"jobs": cursor.rowcount}
            record(type="config.jobs.settled", subject=f"task:{task}", by=by, data={**data})
        return int(cursor.rowcount)


def matters_left() -> Queue:
    from minqing.core import clock
    from minqing.matters.queries.stuck import stuck_matters
    from minqing.org.queries import system_actor
    from minqing.privacy.access import transaction_as

    with transaction_as(system_actor("minqing doctor")):
        numbers = stuck_matters(clock.now())
    return Queue(
        N_("matters left as they are"), not numbers,
        f"{len(numbers)}: {', '.join(numbers[:MOST_NAMED])}" if numbers else _("none"),
        _("These matters should have been resumed or escalated by themselves an hour ago. Open one and look in the log "
          "for its number; until it is mended, a clerk resumes or assigns it by hand."),
    )  # fmt: skip


def events_parked() -> Queue:
    from minqing.journal.queries import parked

    return finding(
        N_("events parked"), parked().values_list("subscriber", flat=True),
        _("A subscriber could not take these events. Mend the cause, then run “minqing journal retry”."),
    )  # fmt: skip


def exports() -> Queue:
    from minqing.core import clock
    from minqing.exports.queries import waiting_since
    from minqing.org.queries import system_actor
    from minqing.privacy.access import transaction_as

    with transaction_as(system_actor("minqing doctor")):
        since = waiting_since()
    late = bool(since) and since[0] < clock.now() - EXPORT_WAITS
    seen = (
        _("{since} waiting, the oldest since {day}").format(since=len(since), day=clock.local_date(since[0]))
        if since
        else _("none waits")
    )
    return Queue(N_("exports"), not late, seen, _("Ask a clerk or leader of the place to decide on the page Exports."))


def carriers() -> Queue:
    from minqing.notify.queries import failing_carriers, job
    from minqing.privacy.access import transaction_as

    with transaction_as(job()):
        counts = Counter({f"{channel} ({error})": count for channel, error, count in failing_carriers()})
    return finding(
        N_("carriers"), counts,
        _("These messages are tried again and again. The code says whether the carrier is down or refuses this "
          "deployment: check the sender, credentials, signature and balance in its settings, then try it with "
          "“minqing notify test”."),
    )  # fmt: skip


def deliveries() -> Queue:
    from minqing.partners.enums import DeliveryState
    from minqing.partners.queries import deliveries as of_state

    dead = of_state(DeliveryState.DEAD).order_by().values_list("endpoint__partner__code", flat=True)
    return finding(
        N_("events not delivered"), dead,
        _("See why on the page Partner systems or with “minqing partners dead”, speak with the partner, then send them "
          "again there or with “minqing partners replay --all <code>”; “settle <id>” says that one is done with."),
    )  # fmt: skip


def inbox() -> Queue:
    from minqing.partners.queries import inbox_actor, laid_aside
    from minqing.privacy.access import transaction_as

    with transaction_as(inbox_actor()):
        dead = Counter(laid_aside().order_by().values_list("partner__code", flat=True))
    return finding(
        N_("events laid aside"), dead,
        _("See on the page Partner systems or with “minqing partners dead” what is wrong with them, mend it, then read "
          "them again there or with “minqing partners replay --all <code>”; “settle <id>” says that one is done with."),
    )  # fmt: skip


def endpoints() -> Queue:
    from minqing.partners.queries.hooks import failing_endpoints

    return finding(
        N_("endpoints"), (f"{one.partner.code} ({why})" for one, why in failing_endpoints()),
        _("The partner's address does not answer. Ask them; “minqing partners endpoint <code> <url>” switches it on "
          "again, with --off it is sent nothing more. Where MINQING_ORIGIN is named, set that first."),
    )  # fmt: skip


def secrets() -> Queue:
    from minqing.partners.queries.hooks import unreadable_secrets

    return finding(
        N_("partners' secrets"), unreadable_secrets(),
        _("These partners' secrets cannot be read: what they sign is put off, and what is for them waits. Bring the "
          "key back (MINQING_OLD_FIELD_KEYS), or give a new secret with “minqing partners secret <code>” or “minqing "
          "partners endpoint <code> <url> --rotate”."),
    )  # fmt: skip
