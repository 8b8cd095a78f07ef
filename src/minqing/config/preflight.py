"""Preflight checks: do software, keys and database belong together? Before anything is read or written."""

from __future__ import annotations

from typing import Final

from minqing.config.env import env
from minqing.config.key_proofs import disproved, last_seal_is_foreign
from minqing.config.processes import Unfit
from minqing.config.words import N_, _

# what is lost with the wrong one, and the way on
WHAT_TO_DO: Final = {
    "field_key": N_(
        "numbers that were encrypted with the key before cannot be read. Put it back, or name it in "
        "MINQING_OLD_FIELD_KEYS if this is a new key beside it (minqing keys new makes one)"
    ),
    "index_key": N_(
        "people are not found by their numbers. Put it back, or name it in MINQING_OLD_INDEX_KEYS if this is a new key "
        "beside it (minqing keys new --index makes one)"
    ),
    "link_key": N_("private links and codes that were given out open nothing. Put it back; this key is never changed"),
    "seal_key": N_(
        "seals would carry a signature that is not ours. Put it back, or if it was changed on purpose run: "
        "minqing keys accept seal_key"
    ),
    "secret_key": N_(
        "everybody would be signed out. Put it back, or if it was changed on purpose run: "
        "minqing keys accept secret_key"
    ),
}

PROVED_BY_ROWS: Final = frozenset({"field_key", "index_key"})


def check_release() -> None:
    """Raise Unfit where newer software made the tables."""
    from minqing.core.compatibility import made_by_newer
    from minqing.core.version import own_version

    newer = made_by_newer()
    if newer:
        raise Unfit(
            _(
                "This is Minqing {version}, and the database was brought up to date by newer "
                "software: {newer}. Install that version, or restore the backup made before its upgrade; "
                "nothing was changed."
            ).format(version=own_version(), newer=newer)
        )


def check_keys() -> None:
    """Raise Unfit where a key is another one than the database was written with."""
    from minqing.privacy.key_prints import unfit_keys

    wrong = unfit_keys()
    if wrong:
        raise Unfit(" ".join(not_its_key(name) for name in wrong))


def not_its_key(name: str) -> str:
    sentence = _("{where} is not the key of this database: {what_to_do}.")
    return sentence.format(where=where(name), what_to_do=_(WHAT_TO_DO[name]))


def where(name: str) -> str:
    """Where the operator finds the key."""
    settings = env()
    variable = f"MINQING_{name.upper()}"
    given = getattr(settings, f"minqing_{name}") is not None
    return (
        variable
        if given or not settings.embedded
        else _("“{name}” in {file}").format(name=name, file=settings.var / "keys.json")
    )


def note_what_fits() -> None:
    """After migrating: which software and which keys this database is for. Raises Unfit for keys that do not fit.

    A database that does not say yet with which keys its rows were written is asked by them: what is encrypted must
    open, what is indexed be found.
    """
    from minqing.core.compatibility import note_release
    from minqing.privacy.key_prints import note_prints, noted_prints

    if PROVED_BY_ROWS - noted_prints().keys():
        prove_keys()
    check_keys()
    note_prints(using="owner")
    note_release(using="owner")


def prove_keys() -> None:
    from django.apps import apps

    from minqing.org.queries import system_actor
    from minqing.privacy.access import transaction_as
    from minqing.privacy.fields import EncryptedTextField
    from minqing.privacy.key_prints import noted_prints

    wrong: set[str] = set()
    with transaction_as(system_actor("minqing keys")):
        for model in apps.get_models():
            sealed = [field.attname for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
            if sealed:
                wrong |= disproved(model, sealed)
    # noted: it was accepted, or is compared with that
    if "seal_key" not in noted_prints() and last_seal_is_foreign():
        wrong.add("seal_key")
    if wrong:
        raise Unfit(" ".join(not_its_key(name) for name in sorted(wrong)))
