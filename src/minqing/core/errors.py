"""What goes wrong in the domain: a code for programs, a sentence for people, a status for HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Way(NamedTuple):
    """A way on from a refusal, for a page."""

    label: StrOrPromise
    address: str


class DomainError(Exception):
    """A refusal that a person can read and act upon.

    ``code`` is stable and untranslated (``matter_closed``). ``sentence`` is translated when shown, says
    what is wrong and what to do. ``data`` is for programs and must hold ids and codes only, never names
    or texts. ``ways`` lead on from the page that says so.
    """

    ways: Sequence[Way] = ()
    default_code = "conflict"
    default_sentence: StrOrPromise = _("That is not possible now. Reload the page and look again.")
    default_status = 409

    def __init__(
        self, code: str = "", sentence: StrOrPromise = "", *, http_status: int | None = None, **data: Any
    ) -> None:
        self.code = code or self.default_code
        self.sentence: StrOrPromise = sentence or self.default_sentence
        self.http_status = http_status or self.default_status
        self.data = data
        # the code alone: a log of the exception must not hold what a sentence may name
        super().__init__(self.code)


class NotFound(DomainError):
    """Not there, or the actor may not know that it is there: the two must look the same."""

    default_code = "not_found"
    default_sentence = _("This was not found. It may have been removed, or it belongs to another place.")
    default_status = 404


class Refused(DomainError):
    """The actor may know of it but may not do this."""

    default_code = "refused"
    default_sentence = _("You may not do this. Ask the person in charge of your unit.")
    default_status = 403


class Invalid(DomainError):
    """What was sent in cannot be right."""

    default_code = "invalid"
    default_sentence = _("Something in the form is not right. Please check what is marked.")
    default_status = 422


class Conflict(DomainError):
    """It was right a moment ago: someone else was quicker, or the state forbids it."""


class StoredValue(NamedTuple):
    """One text that stands already, under the words a person knows it by.

    Without a label where many forms lead to one service: it is then what the long field of the sent form says.
    """

    label: StrOrPromise
    text: StrOrPromise


class TwoTexts(Conflict):
    """What was sent stands against something else: a person sees both and decides; nothing is written over.

    ``kept`` is shown to that person and stands in no answer to a program, no log and no journal. ``renewed`` are the
    hidden fields with which the same is sent once more on purpose; ``never`` says why that cannot be.
    """

    def __init__(
        self,
        *args: Any,
        kept: Sequence[StoredValue] = (),
        renewed: Mapping[str, str] | None = None,
        never: StrOrPromise = "",
        ways: Sequence[Way] = (),
        **data: Any,
    ) -> None:
        super().__init__(*args, **data)
        self.kept = tuple(kept)
        self.renewed = dict(renewed or {})
        self.never = never
        self.ways = tuple(ways)


class SentBefore(TwoTexts):
    """The id of a form, or of a call, was used before for something else."""

    default_code = "request_used"
    default_sentence = _(
        "This has been sent once already, with other content: what was sent first is stored, this is not stored yet."
    )


class Stale(TwoTexts):
    """It was changed by somebody since the form was opened."""

    default_code = "changed_since"
    default_sentence = _("Somebody has changed this since you opened the page. Nothing of yours is stored yet.")


class Elsewhere(Conflict):
    """It was the actor's when the form was opened, and has gone to somebody else since."""

    default_code = "gone_elsewhere"
    default_sentence = _("This is not with your unit any more. What you wrote is not stored; it stands below.")

    def __init__(self, *args: Any, ways: Sequence[Way] = (), **data: Any) -> None:
        super().__init__(*args, **data)
        self.ways = tuple(ways)


class Outdated(DomainError):
    """It was changed since the version that somebody says to have seen; ``data`` says how it stands now."""

    default_code = "changed_since"
    default_sentence = _("Somebody has changed this since you looked at it. Look at it again; nothing is stored yet.")
    default_status = 412


class FormatError(Invalid):
    """A number, phone or date that cannot be what it claims to be."""

    default_code = "format"


class SheetError(Invalid):
    """A workbook or CSV file that cannot be read, or must not be."""

    default_code = "sheet"
    default_sentence = _("This file cannot be read. Save it again as .xlsx and try once more.")
