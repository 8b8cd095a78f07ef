"""What every API needs: bodies that refuse what nobody asked for, and errors of any origin as problem+json."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from minqing.core.characters import UNSEEN_CLASS, clean
from minqing.core.errors import DomainError
from minqing.web.errors import SENTENCES
from minqing.web.problem import problem, refusal

# What is taken stands in the OpenAPI document, all of it: a rule that a schema cannot say (a check in Python) would
# refuse what the document allows. PostgreSQL keeps no NUL; of a text that is needed something must be left when
# `core.characters.clean` has taken off it what cannot be seen.
ANY: Final = r"^[^\x00]*$"
SOMETHING: Final = rf"^[^\x00]*[^{UNSEEN_CLASS}][^\x00]*$"
ShortText = Annotated[str, StringConstraints(max_length=200, pattern=ANY), AfterValidator(clean)]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=ANY), AfterValidator(clean)]
NeededText = Annotated[str, StringConstraints(max_length=20_000, pattern=SOMETHING), AfterValidator(clean)]
Code = Annotated[str, StringConstraints(max_length=40, pattern=ANY)]
NeededCode = Annotated[str, StringConstraints(max_length=40, pattern=SOMETHING)]
Version = Annotated[str, StringConstraints(max_length=40, pattern=ANY)]
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)


def reckonable(day: date) -> date:
    """The calendar is reckoned on. Nothing is here of a day before or behind it, so its ends stand for those."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def reckonable_moment(at: datetime) -> datetime:
    return min(max(at, FIRST), LAST)


def written_out(given: object) -> object:
    """Pydantic would take a bare number for seconds since 1970, which no document says."""
    if not (isinstance(given, date) or (isinstance(given, str) and DATED.match(given))):
        raise PydanticCustomError("date_parsing", "no day is written there")
    return given


DATED: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
Day = Annotated[date, BeforeValidator(written_out), AfterValidator(reckonable)]
Moment = Annotated[AwareDatetime, BeforeValidator(written_out), AfterValidator(reckonable_moment)]


class Body(BaseModel):
    """What somebody sends. A field that is not listed is refused: nothing else can be set by sending it."""

    model_config = ConfigDict(extra="forbid")


class Renderer(JSONRenderer):
    """Chinese as it is, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


# pydantic's codes; what stands in none of them is told by OTHER
WRONG: Mapping[str, Any] = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such field."),
    "string_too_long": _("At most {max_length} characters."),
    "string_type": _("This must be a text."),
    "string_pattern_mismatch": _("This must not be blank where it is needed, nor hold a NUL."),
    "bool_type": _("Say true or false."),
    "bool_parsing": _("Say true or false."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "float_type": _("This must be a number."),
    "float_parsing": _("This must be a number."),
    "finite_number": _("This must be a number."),
    "uuid_type": _("This must be a UUID."),
    "uuid_parsing": _("This must be a UUID."),
    "enum": _("Choose one of {expected}."),
    "literal_error": _("Choose one of {expected}."),
    "greater_than_equal": _("Not less than {ge}."),
    "less_than_equal": _("Not more than {le}."),
    "timezone_aware": _("Write the moment with its offset, like 2026-10-12T08:00:00Z."),
    "datetime_from_date_parsing": _("Write a moment like 2026-10-12T08:00:00Z."),
    "datetime_parsing": _("Write a moment like 2026-10-12T08:00:00Z."),
    "date_from_datetime_parsing": _("Write a day like 2026-10-12."),
    "date_parsing": _("Write a day like 2026-10-12."),
}
OTHER = _("This cannot be what is meant. Compare it with the description of the API.")
WHOLE = _("Some fields are not right. Nothing was stored.")


def handle_errors(api: NinjaAPI) -> None:
    """Have ``api`` answer everything that goes wrong as problem+json; faults of ours stay Django's business."""
    api.add_exception_handler(DomainError, error_response)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, unreadable)
    # a form of many parts that breaks off or has too many
    api.add_exception_handler(MultiPartParserError, broken)
    api.add_exception_handler(SuspiciousOperation, broken)


def error_response(request: HttpRequest, error: Any) -> HttpResponse:
    return refusal(error)


def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """422 ``invalid``; for each field where it is (``text``, ``reporter.phone``), a code and a sentence."""
    return wrong_fields([field_told(one) for one in error.errors])


def wrong_fields(fields: list[dict[str, str]]) -> HttpResponse:
    return problem(code="invalid", sentence=WHOLE, status=422, fields=fields)


def field_told(error: Mapping[str, Any]) -> dict[str, str]:
    place = [str(part) for part in error["loc"] if part not in {"query", "path", "body", "given", "form", "file"}]
    return {
        "field": ".".join(place),
        "code": error["type"],
        "sentence": str(format_lazy(WRONG.get(error["type"], OTHER), **error.get("ctx", {}))),
    }


def broken(request: HttpRequest, error: object) -> HttpResponse:
    """A body that is too long says so; one of many parts that broke off asks for the same again."""
    if isinstance(error, RequestDataTooBig):
        return problem(code="too_large", sentence=SENTENCES[413], status=413)
    sentence = _("The form could not be read. Send it once more as multipart/form-data.")
    form = request.content_type == "multipart/form-data"
    return problem(code="not_readable", sentence=sentence if form else SENTENCES[400], status=400)


def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    sentence = _("The body could not be read. Send one JSON object in UTF-8.")
    given = sentence if error.status_code == 400 else SENTENCES.get(error.status_code, OTHER)
    return problem(code="not_json", sentence=given, status=error.status_code)
