"""Files that somebody takes home: named in their language, by the county's day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from minqing.core import clock
from minqing.core.text import safe_filename

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(*parts: StrOrPromise, suffix: str, at: datetime | None = None) -> str:
    """``办理单-MQ-2026-000123-4.pdf``; with ``at`` its day in the county stands at the end."""
    day: list[date] = [clock.local_date(at)] if at else []
    return safe_filename(f"{'-'.join(str(part) for part in (*parts, *day))}.{suffix}")


def download(content: bytes, name: str) -> HttpResponse:
    """``content`` as a file to be kept under ``name`` (RFC 6266), and in no cache."""
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
