"""From what a client sends to what is meant. All that is wrong is told at once, each by the parameter's name."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.characters import clean
from minqing.core.errors import Invalid
from minqing.core.point import Point
from minqing.core.text import one_line
from minqing.files.images import Picture, make_picture
from minqing.matters.questions import Answer
from minqing.matters.unusable import Unusable
from minqing.open311.errors import Faulty, missing
from minqing.open311.rules import (
    DESCRIPTION,
    LAST_PAGE,
    MOST_ROWS,
    STATUSES,
    Filters,
    TooLong,
    Window,
    full_name,
    parse_moment,
    window,
    with_media,
)
from minqing.open311.services import Submission, Update, digest_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# attribute[code]=value, attribute[code][]=value, and attribute[code][0]=value as some clients number them
ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]+)\](?:\[\d*\])?")
LENGTHS: Final[Mapping[str, int]] = {
    "description": DESCRIPTION,
    "title": 200,
    "address_string": 200,
    "address_id": 100,
    "media_url": 2000,
    "first_name": 40,
    "last_name": 40,
    "email": 80,
    "phone": 30,
}
MOST_PICTURES: Final = 6
# as clients in use spell it; FixMyStreet sends one `media_url`, others a list
MEDIA_URLS: Final = ("media_url", "media_url[]", "media_urls", "media_urls[]")
# what a call may hold besides: who calls and how it is answered. The standard's account and device are not kept.
APART: Final = frozenset(
    {
        "api_key",
        "jurisdiction_id",
        "locale",
        "extensions",
        "account_id",
        "device_id",
        "service_code",
        "lat",
        "long",
        "description",
    }
)


def left(name: str, code: str, sentence: StrOrPromise, value: str = "", **values: object) -> Unusable:
    """A parameter that need not be there and cannot be used: the request is taken, and this is told with its notice."""
    return Unusable(name, code, sentence % {"name": name, **values}, value)


class Faults:
    """Sentences that gather while a call is read; :meth:`end` raises them together."""

    def __init__(self) -> None:
        self.sentences: list[Any] = []

    def add(self, sentence: StrOrPromise, **values: object) -> None:
        self.sentences.append(sentence % values)

    def end(self) -> None:
        if self.sentences:
            raise Faulty(400, *self.sentences)


def commas(query: QueryDict, name: str) -> list[str]:
    """All values of a parameter that may be given several times, and each time with commas."""
    return [part.strip() for value in query.getlist(name) for part in value.split(",") if part.strip()]


def filters_from(query: QueryDict, *, now: datetime | None = None) -> Filters:
    """What ``GET requests`` asks for. ``service_request_id`` overrides all others, wrong ones too."""
    if numbers := commas(query, "service_request_id"):
        return Filters(numbers=numbers)
    faults = Faults()
    now = now or clock.now()
    statuses = [one.lower() for one in commas(query, "status")]
    if not set(statuses) <= set(STATUSES):
        faults.add(_("status is open or closed."))
    requested = window_from(query, "start_date", "end_date", now=now, faults=faults)
    updated = window_from(query, "updated_after", "updated_before", now=now, faults=faults)
    faults.end()
    if requested is None and updated is None:
        requested = window(None, None, now=now)
    return Filters(codes=commas(query, "service_code"), statuses=statuses, requested=requested, updated=updated)


def window_from(query: QueryDict, first: str, last: str, *, now: datetime, faults: Faults) -> Window | None:
    """The span between two parameters; None where neither is given or one is wrong."""
    before = len(faults.sentences)
    start, end = (moment_from(query, name, faults) for name in (first, last))
    if (start is None and end is None) or len(faults.sentences) > before:
        return None
    try:
        return window(start, end, now=now)
    except TooLong:
        faults.add(_("%(first)s and %(last)s span more than 90 days."), first=first, last=last)
    except ValueError:
        faults.add(_("%(last)s comes before %(first)s."), first=first, last=last)
    return None


def moment_from(query: QueryDict, name: str, faults: Faults) -> datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_moment(text)
    except ValueError:
        faults.add(_("%(name)s is no date and time like 2010-01-01T00:00:00Z."), name=name)
        return None


def page_from(query: QueryDict) -> tuple[int, int]:
    """Number (from 1) and size of the page: all of the first 1000 unless asked otherwise."""
    faults = Faults()
    number = whole_number(query, ("page",), faults, default=1, most=LAST_PAGE)
    size = whole_number(query, ("page_size", "per_page"), faults, default=MOST_ROWS, most=MOST_ROWS)
    faults.end()
    return number, size


def whole_number(query: QueryDict, names: Sequence[str], faults: Faults, *, default: int, most: int) -> int:
    name = next((name for name in names if query.get(name, "").strip()), None)
    if name is None:
        return default
    text = query.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        faults.add(_("%(name)s is a whole number from 1."), name=name)
        return default
    return min(int(text[:9]), most)


def wants_extensions(query: QueryDict) -> bool:
    return query.get("extensions", "").strip().lower() in {"true", "1", "yes"}


def fields_of(request: HttpRequest) -> QueryDict:
    """All that a POST says: the parameters of its body, and those of its address that the body lacks.

    Clients in use put some of them, or all, into the address.
    """
    fields = request.GET.copy()
    for name, values in request.POST.lists():
        fields.setlist(name, values)
    if not is_utf_8(request, fields):
        raise Faulty(400, _("What was sent is not in UTF-8."))
    for name, values in list(fields.lists()):
        fields.setlist(name, [clean(value) for value in values])
    return fields


def is_utf_8(request: HttpRequest, fields: QueryDict) -> bool:
    """Text that nobody could read any more is not taken.

    U+FFFD stands where Django found other bytes; those that came unescaped it has taken for ISO 8859-1.
    """
    if any("\ufffd" in text for name, values in fields.lists() for text in (name, *values)):
        return False
    if request.content_type != "multipart/form-data":
        try:
            request.body.decode()
        except UnicodeDecodeError:
            return False
    return True


def submission_from(post: QueryDict, files: MultiValueDict[str, Any]) -> Submission:
    """What ``POST requests`` brings; an empty parameter is as one that was not sent."""
    given = {name: text for name in post if (text := post.get(name, "").strip())}
    absent = [] if "service_code" in given else ["service_code"]
    addressed = bool({"address_string", "address_id"} & set(given))
    placed = {"lat", "long"} <= set(given) or addressed
    if not placed:
        one = [name for name in ("lat", "long") if name not in given]
        absent += one if len(one) == 1 else ["lat, long / address_string / address_id"]
    faults, unusable = Faults(), unknown_from(post, LENGTHS)
    faults.sentences.extend(missing(*absent).sentences)
    if len(given.get("description", "").replace("\r\n", "\n")) > DESCRIPTION:
        faults.add(_("%(name)s is longer than %(most)d characters."), name="description", most=DESCRIPTION)
    point = point_from(given, faults if placed and not addressed else Faults())
    if addressed and point is None and (half := [given[name] for name in ("lat", "long") if name in given]):
        unusable.append(left("lat, long", "place", _("%(name)s are no place."), ", ".join(half)))
    unusable += cut_from(given)
    pictures = pictures_from(files, unusable)
    faults.end()
    return Submission(
        service_code=given["service_code"],
        description=given.get("description", ""),
        title=kept(given, "title"),
        point=point,
        address_string=kept(given, "address_string"),
        address_id=kept(given, "address_id"),
        media_urls=urls_from(post),
        unusable=tuple(unusable),
        name=full_name(kept(given, "first_name"), kept(given, "last_name")),
        phone=kept(given, "phone"),
        email=kept(given, "email"),
        answers=answers_from(post),
        pictures=pictures,
        digest=digest_of(((name, values) for name, values in post.lists() if name != "api_key"), pictures),
    )


# the finer states of FixMyStreet's extension that end a request; all others leave it open
ENDING: Final = frozenset({"closed", "fixed", "duplicate", "not_councils_responsibility", "no_further_action"})
SENDER_S_NUMBERS: Final = ("update_id", "update_id_ext")
# who wrote an update is not kept: the reporter is known
UPDATE_FIELDS: Final = frozenset(
    {
        "service_request_id",
        "updated_datetime",
        "status",
        "title",
        "first_name",
        "last_name",
        "email",
        "phone",
        "public_anonymity_required",
        "email_alerts_requested",
        "service_request_id_ext",
        *SENDER_S_NUMBERS,
    }
)


def update_window(query: QueryDict, *, now: datetime | None = None) -> Window:
    """The span that ``GET servicerequestupdates`` asks for; the last 90 days unless it says otherwise."""
    faults = Faults()
    now = now or clock.now()
    found = window_from(query, "start_date", "end_date", now=now, faults=faults)
    faults.end()
    return found or window(None, None, now=now)


def update_from(post: QueryDict, files: MultiValueDict[str, Any]) -> Update:
    """What ``POST servicerequestupdates`` brings; who wrote it is not kept, the reporter is known."""
    given = {name: text for name in post if (text := post.get(name, "").strip())}
    if absent := [name for name in ("service_request_id", "description") if name not in given]:
        raise missing(*absent)
    faults, unusable = Faults(), unknown_from(post, UPDATE_FIELDS)
    unread = Faults()
    at = moment_from(post, "updated_datetime", unread)
    unusable += [Unusable("updated_datetime", "time", one, given["updated_datetime"]) for one in unread.sentences]
    if len(given["description"].replace("\r\n", "\n")) > DESCRIPTION:
        faults.add(_("%(name)s is longer than %(most)d characters."), name="description", most=DESCRIPTION)
    pictures = pictures_from(files, unusable)
    status = given.get("status", "").lower().replace(" ", "_")
    faults.end()
    return Update(
        number=given["service_request_id"],
        text=with_media(given["description"], urls_from(post)),
        status="" if not status else "closed" if status in ENDING else "open",
        at=at,
        key=next((given[name] for name in SENDER_S_NUMBERS if name in given), ""),
        digest=digest_of(((name, values) for name, values in post.lists() if name != "api_key"), pictures),
        pictures=pictures,
        unusable=tuple(unusable),
    )


def urls_from(post: QueryDict) -> tuple[str, ...]:
    """Addresses of what is kept elsewhere, under any of their names, one by one."""
    urls = [url for name in MEDIA_URLS for url in post.getlist(name) if url.strip()]
    return tuple(dict.fromkeys(one_line(url, LENGTHS["media_url"]) for url in urls))


def unknown_from(post: QueryDict, known: Collection[str]) -> list[Unusable]:
    """What is sent under a name that nobody reads: not dropped in silence."""
    found = []
    for name, values in post.lists():
        value = "\n".join(text for text in values if text.strip())
        if value and name not in {*known, *APART, *MEDIA_URLS} and not ATTRIBUTE.fullmatch(name):
            found.append(left(name, "unknown", _("%(name)s is not known here. It is kept as a note."), value))
    return found


def cut_from(given: Mapping[str, str]) -> list[Unusable]:
    """What is longer than is kept; of who somebody is nothing goes into a note."""
    found = []
    for name, most in LENGTHS.items():
        if name != "description" and name in given and len(given[name].replace("\r\n", "\n")) > most:
            value = given[name] if name in {"title", "address_string", "address_id", "media_url"} else ""
            sentence = _("Of %(name)s the first %(most)d characters are kept.")
            found.append(left(name, "too_long", sentence, value, most=most))
    return found


def kept(given: Mapping[str, str], name: str) -> str:
    return one_line(given.get(name, ""), LENGTHS[name])


def point_from(given: Mapping[str, str], faults: Faults) -> Point | None:
    """The place on WGS-84; None unless both parts are given."""
    if not {"lat", "long"} <= set(given):
        return None
    degrees = [degrees_from(given[name], name, most, faults) for name, most in (("lat", 90), ("long", 180))]
    latitude, longitude = degrees
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def degrees_from(text: str, name: str, most: int, faults: Faults) -> float | None:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not -most <= found <= most:
        faults.add(_("%(name)s is a number between -%(most)d and %(most)d."), name=name, most=most)
        return None
    return found


def answers_from(post: QueryDict) -> dict[str, Answer]:
    answers: dict[str, list[str]] = {}
    for name, values in post.lists():
        if found := ATTRIBUTE.fullmatch(name):
            answers.setdefault(found[1], []).extend(values)
    return dict(answers)


def pictures_from(files: MultiValueDict[str, Any], unusable: list[Unusable]) -> list[Picture]:
    """Every file that came along, whatever its name: ``media``, FixMyStreet's ``photo1``, ``photo2``."""
    uploads = [(name, upload) for name, uploads in files.lists() for upload in uploads]
    pictures = []
    for name, upload in uploads[:MOST_PICTURES]:
        try:
            pictures.append(make_picture(upload, name=upload.name))
        except Invalid as error:
            unusable.append(Unusable(name, error.code, error.sentence))
    for name, _upload in uploads[MOST_PICTURES:]:
        unusable.append(left(name, "too_many", _("%(name)s: at most %(most)d pictures are kept."), most=MOST_PICTURES))
    return pictures
