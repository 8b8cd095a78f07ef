"""What is answered instead: the standard's errors, one or several with one HTTP status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Faulty(Exception):
    """Ends a call. ``status`` is 404 for what is not there, 403 for the key, 400 for nearly everything else.

    ``sentences`` are translated when shown and name the parameter they are about in the standard's own spelling.
    """

    def __init__(self, status: int, *sentences: StrOrPromise) -> None:
        self.status = status
        self.sentences = sentences
        super().__init__(status)


SENTENCES: dict[int, StrOrPromise] = {
    400: _("The URL or what was sent could not be understood. Check it against the specification of GeoReport v2."),
    403: _("api_key is missing or not valid."),
    404: _("There is nothing at this URL. Its end names the format: .xml or .json."),
    405: _("This resource does not take that HTTP method."),
    413: _("What was sent is too large."),
    429: _("Too many calls. Wait a little and send again."),
    500: _("The service failed. Nothing was stored; please tell us when this happened."),
    503: _("The service is starting again. Send the same call again in a few seconds."),
}


def not_found(name: str) -> Faulty:
    return Faulty(404, _("%(name)s was not found.") % {"name": name})


def missing(*names: str) -> Faulty:
    return Faulty(400, *(_("%(name)s was not provided.") % {"name": name} for name in names))
