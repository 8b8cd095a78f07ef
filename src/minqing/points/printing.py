"""What is printed: a household's passbook 生态存折, and the sheet that a village posts on its wall each month."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core import clock
from minqing.documents.kinds import Fields, PrintSheet, cleaned
from minqing.households.protocols import HouseholdLike
from minqing.points.kinds import Lines, Sheet
from minqing.points.queries.people import EntryLine, Purse
from minqing.points.queries.sheets import redeemed_in
from minqing.web.pdf import pdf_of
from minqing.web.public_origin import is_sample

STATIC: Final = Path(__file__).parent / "static" / "points"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One account: whose, what is in it, and what came and went, with what for."""

    whose: str
    purse: Purse
    lines: Sequence[tuple[EntryLine, str]]


def passbook_pdf(*, household: HouseholdLike, village: str, url: str, chapters: Sequence[Chapter]) -> bytes:
    """A5, large type. In the deployment's language: whoever prints may read another. ``url`` leads to the same, as it
    stands then.
    """
    context = {
        "number": household.number,
        "address": household.address,
        "village": village,
        "chapters": chapters,
        "day": clock.today(),
        "qr": qr_code(url) if url else "",
        "sample": is_sample(),
    }
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("points/passbook.html", context)
    return pdf_of(html, style=STATIC / "passbook.css")


def qr_code(url: str) -> SafeString:
    """As SVG; a quarter of it may be creased or dirty (level Q) and it is still read."""
    made = segno.make(url, error="q", boost_error=False, micro=False)
    return mark_safe(made.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308  # no outside text in it


# the sheet on the wall: what the ledger knows, and the lines that rooms above bring for its lists
FIELDS: Final = ("village", "month", "issued_points", "issued_times", "redeemed_points", "redeemed_times", "day")
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "issued": ("category", "what", "times", "points"),
    "redeemed": ("where", "times", "points"),
    "activities": ("day", "title", "place", "people"),
    "thanked": ("day", "whom", "what", "points"),
}


def village_sheet(sheet: Sheet, brought: Iterable[Lines]) -> Fields:
    """What the sheet says, in the deployment's language."""
    with translation.override(settings.LANGUAGE_CODE):
        had = redeemed_in(sheet.areas, sheet.since, sheet.until)
        lists: dict[str, list[Mapping[str, Any]]] = {name: [] for name in LISTS}
        lists["redeemed"] = [
            {"where": one.where or _("Elsewhere"), "times": one.times, "points": one.points} for one in had
        ]
        for lines in brought:
            lists[lines.of] += lines.rows
        return cleaned(
            {
                "village": sheet.village,
                "month": date_format(sheet.month, "YEAR_MONTH_FORMAT"),
                "issued_points": str(sum(one["points"] for one in lists["issued"])),
                "issued_times": str(sum(one["times"] for one in lists["issued"])),
                "redeemed_points": str(sum(one.points for one in had)),
                "redeemed_times": str(sum(one.times for one in had)),
                "day": clock.today().isoformat(),
                **lists,
            }
        )


def columns() -> Mapping[str, tuple[str, Sequence[str]]]:
    """The heading of each list and those of its columns."""
    return {
        "issued": (_("What was given"), (_("Category"), _("What for"), _("Times"), _("Points"))),
        "redeemed": (_("What was redeemed"), (_("Shop or machine"), _("Times"), _("Points"))),
        "activities": (_("Activities held"), (_("Day"), _("Activity"), _("Place"), _("How many came"))),
        "thanked": (_("Who was thanked"), (_("Day"), _("Person or household"), _("What for"), _("Points"))),
    }


def sheet_template(language: str) -> bytes:
    """A Word template of the sheet with its words in ``language``."""
    # the maker of Word files takes its time to load: only where a template is asked for
    from docx import Document

    from minqing.documents.word.layout import add_row, set_up

    with translation.override(language):
        document = Document()
        set_up(document, _("Public sheet of points"))
        document.add_heading(_("Public sheet of points"), level=1)
        document.add_paragraph("{{ village }} · {{ month }}")
        sums = _("Given: {{ issued_points }} points. Redeemed: {{ redeemed_points }} points.")
        document.add_paragraph(sums)
        for name, (title, heads) in columns().items():
            document.add_heading(title, level=1)
            table = document.add_table(rows=0, cols=len(heads))
            table.style = "Table Grid"
            empty = [""] * (len(heads) - 1)
            add_row(table, heads)
            add_row(table, (f"{{%tr for row in {name} %}}", *empty))
            add_row(table, [f"{{{{ row.{field} }}}}" for field in LISTS[name]])
            add_row(table, ("{%tr endfor %}", *empty))
        document.add_paragraph("{{ day }}")
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


VILLAGE_SHEET: Final = PrintSheet(
    code="points.sheet",
    label=gettext_lazy("Public sheet of points"),
    fields=FIELDS,
    lists=LISTS,
    standard=sheet_template,
    page="points/sheet_print.html",
    style=STATIC / "sheet.css",
)
