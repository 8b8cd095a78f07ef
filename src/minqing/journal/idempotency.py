"""An id is not enough: what was sent under it is known by a digest of its content.

A form, an API call and an offline diary bring an id of their own, so that the second of two sends finds the work of
the first. The digest tells whether the second says the same: if not, it is refused with both texts, and neither is
lost or written over. It is keyed (HMAC-SHA-256, cut to 16 bytes): without the key it tells nothing of what was said.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import inspect
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from minqing.core.actor import Actor
from minqing.core.errors import SentBefore, StoredValue
from minqing.core.timekeeping import lived_now
from minqing.journal.canonical import canonical, canonical_time
from minqing.journal.models import Send

SIZE: Final = 16
# nothing that sends keeps what it sends for longer than thirty days: a phone's outbox, a partner's replay, a browser's
# page. The ids of what was made stay in any case, as keys of their rows
KEPT: Final = timedelta(days=180)
# who sends is part of the digest; when, and which version was seen, may differ from one try to the next
APART: Final = frozenset({"id", "by", "at", "seen"})
Tell = Callable[[UUID, Actor], Sequence[StoredValue]]
Service = TypeVar("Service", bound=Callable[..., Any])
_as_one: ContextVar[tuple[str, Mapping[str, object]] | None] = ContextVar("as_one_send", default=None)


def nothing(id: UUID, by: Actor) -> Sequence[StoredValue]:
    return ()


def sent_once(
    kept: Tell = nothing,
    *,
    besides: Collection[str] = (),
    made: Callable[[Mapping[str, Any]], Any] | None = None,
) -> Callable[[Service], Service]:
    """Make a service of one form, in a transaction of its own: the same ``id`` with the same content may come again.

    What ``made`` finds is the answer the second time, whatever became of it since: the service is not called again.
    Without it, or where it finds nothing, the service itself answers with what it did. With other content
    :class:`SentBefore` is raised; ``kept`` then says what stands there of the first time, as far as the actor sent it
    and may read it. Arguments in ``besides`` are the caller's own reckoning and no part of what was sent.
    """

    def decorate(service: Service) -> Service:
        parameters = inspect.signature(service).parameters.values()
        unsaid = {one.name: one.default for one in parameters if one.default is not one.empty}
        apart = APART | frozenset(besides)

        @functools.wraps(service)
        def sent(**given: Any) -> Any:
            # what can be read once only is read here
            given = {name: list(value) if isinstance(value, Iterator) else value for name, value in given.items()}
            content = {name: value for name, value in (unsaid | given).items() if name not in apart}
            with transaction.atomic():
                first = claim(given["id"], service.__name__, content, by=given["by"], kept=kept)
                before = None if first or made is None else made(given)
                return service(**given) if before is None else before

        sent.sent_once = True  # type: ignore[attr-defined]
        return cast("Service", sent)

    return decorate


@contextmanager
def as_one_send(what: str, content: Mapping[str, object]) -> Iterator[None]:
    """What is called inside counts as a send of ``content``, whichever service it turns out to be.

    For a sender whose one message may be a note today and would be a confirmation tomorrow.
    """
    token = _as_one.set((what, content))
    try:
        yield
    finally:
        _as_one.reset(token)


def claim(id: UUID, what: str, content: Mapping[str, object], *, by: Actor, kept: Tell = nothing) -> bool:
    """Keep the digest of what is sent under ``id``; False where the very same was sent before.

    Of two at the same moment the second waits here for the first. Raises :class:`SentBefore` for other content,
    another service or another sender, who is told nothing of the first.
    """
    told = digest_of(what, content, by=by)
    statement = "INSERT INTO journal_send (id, digest, at) VALUES (%s, %s, now()) ON CONFLICT (id) DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(statement, [id, told])
        if cursor.rowcount:
            return True
    check(id, told, by=by, kept=kept)
    return False


def was_sent(id: UUID, what: str, content: Mapping[str, object], *, by: Actor) -> bool:
    """Whether the very same is kept under ``id``; not so where nothing is, or something else."""
    told = digest_of(what, content, by=by)
    before = Send.objects.filter(pk=id).values_list("digest", flat=True).first()
    return before is not None and hmac.compare_digest(bytes(before), told)


def forget_sends(*, at: datetime | None = None) -> int:
    """Delete what was sent longer than :data:`KEPT` ago. Returns how many."""
    return Send.objects.filter(at__lt=(at or lived_now()) - KEPT).delete()[0]


def send_of(id: UUID, told: bytes) -> Send:
    """The row that :func:`claim` keeps, for a caller that inserts it together with what was sent."""
    return Send(id=id, digest=told)


def check(id: UUID, told: bytes, *, by: Actor, kept: Tell = nothing) -> None:
    """Raise :class:`SentBefore` where something else than ``told`` is kept under ``id``."""
    before = Send.objects.filter(pk=id).values_list("digest", flat=True).first()
    if before is not None and not hmac.compare_digest(bytes(before), told):
        raise SentBefore(kept=kept(id, by))


def digest_of(what: str, content: Mapping[str, object], *, by: Actor) -> bytes:
    """16 bytes, equal for equal content of the same sender: of strings but for their ends and line breaks."""
    what, content = _as_one.get() or (what, content)
    written = canonical({"what": what, "by": by.ref, "content": plain(content)})
    return hmac.new(key(), b"journal.send\x00" + written, hashlib.sha256).digest()[:SIZE]


def key() -> bytes:
    """That of links: it outlives all others, and so do the digests."""
    kept = settings.FIELD_KEYS
    return bytes.fromhex(str(kept["link_key"] or kept["index_key"]))


def plain(value: object) -> object:
    """``value`` as JSON has it; raises TypeError for what has no such form."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").strip()
    if isinstance(value, datetime):
        return canonical_time(value)
    return structure(value)


def structure(value: object) -> object:
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, (UUID, date, time, timedelta, Decimal)):
        return str(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Mapping):
        return {str(plain(name)): plain(one) for name, one in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain(one) for one in value), key=str)
    if isinstance(value, Iterable):
        return [plain(one) for one in value]
    if (known := getattr(value, "pk", None)) is not None:
        return str(known)
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")
