"""Fingerprints of the keys, kept in the database they belong to: another key is noticed before anything is written.

A fingerprint is four bytes of a SHA-256 digest: enough to tell a wrong key, too little to check a guessed one by.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import connections, transaction

from minqing.privacy.models import KeyPrint

FIELD: Final = "field_key"
INDEX: Final = "index_key"
LINK: Final = "link_key"
# of these there may be former ones that are still needed
CHANGED: Final = (FIELD, INDEX)
# a change of these loses no data; what they signed is then not ours any more
EXCHANGEABLE: Final = frozenset({"secret_key", "seal_key"})
# noted of a key that was given up on purpose
NONE: Final = "none"


def digest(name: str, key: str) -> str:
    """Eight hexadecimal digits that tell this key of that name from others."""
    value = key if name == "secret_key" else key.lower()
    return hashlib.sha256(f"minqing {name}\x00{value}".encode()).hexdigest()[:8]


def own_prints() -> dict[str, set[str]]:
    """Those of the keys in use; of field and index key also the former ones that are read and looked for."""
    kept: Mapping[str, Any] = settings.FIELD_KEYS
    names = sorted({FIELD, INDEX, LINK, *EXCHANGEABLE})
    own = {name: {digest(name, str(kept[name]))} for name in names if kept.get(name)}
    for name in CHANGED:
        own[name] |= {digest(name, str(key)) for key in kept[f"old_{name}s"]}
    return own


def print_of(name: str) -> str:
    """That of the key with which is written."""
    return digest(name, str(settings.FIELD_KEYS[name]))


def noted_prints(*, using: str = "default") -> Mapping[str, set[str]]:
    """Those that the database was written with, by name; none where it does not say yet."""
    found: dict[str, set[str]] = defaultdict(set)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [KeyPrint._meta.db_table])
        if not cursor.fetchone()[0]:
            return found
    for name, told in KeyPrint.objects.using(using).values_list("name", "digest"):
        found[name].add(told)
    return found


def unfit_keys(*, using: str = "default") -> list[str]:
    """Names of the keys that are not those the database was written with."""
    return unfit(noted_prints(using=using))


def unfit(noted: Mapping[str, set[str]]) -> list[str]:
    """Names of the keys in use that are not those of these fingerprints."""
    own = own_prints()
    return sorted(name for name, known in noted.items() if known - own.get(name, {NONE}))


def note_prints(*, using: str) -> None:
    """Note the keys in use: each once, and a new field or index key beside the former ones. They must fit by then.

    A former key is noted where none was yet: once it was dropped it is not needed again, though still told.
    """
    noted = noted_prints(using=using)
    for name in own_prints():
        if not noted[name]:
            note(name, using=using)
    for name in CHANGED:
        if noted[name]:
            KeyPrint.objects.using(using).get_or_create(name=name, digest=print_of(name))


def note(name: str, *, using: str) -> None:
    for told in sorted(own_prints().get(name, {NONE}) - noted_prints(using=using)[name]):
        KeyPrint.objects.using(using).create(name=name, digest=told)


def exchange_print(name: str, *, using: str) -> None:
    """From now on the key of that name is the one in use (:data:`EXCHANGEABLE` alone). Says nothing of the others."""
    if name not in EXCHANGEABLE:
        raise ValueError(f"{name} cannot be exchanged: what was written with it would be lost")
    with transaction.atomic(using=using):
        KeyPrint.objects.using(using).filter(name=name).delete()
        note(name, using=using)


def drop_former_prints(*, using: str) -> None:
    """From now on no former field or index key is needed: nothing is written with one any more."""
    with transaction.atomic(using=using):
        for name in CHANGED:
            KeyPrint.objects.using(using).get_or_create(name=name, digest=print_of(name))
            KeyPrint.objects.using(using).filter(name=name).exclude(digest=print_of(name)).delete()
