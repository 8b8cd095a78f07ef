"""The letter that answers a request, and the printed copy of what is held: their fields, in Word and as PDF."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core import clock
from minqing.core.clock import local_date
from minqing.documents.kinds import Fields, PrintSheet, cleaned, format_time
from minqing.rights.enums import RequestKind, State
from minqing.rights.models import Request
from minqing.rights.queries import copy_for, done_words

STYLE: Final = Path(__file__).parent / "static" / "rights" / "letter.css"
LETTER_FIELDS: Final = (
    "number",
    "kind",
    "name",
    "guardian",
    "received",
    "decision",
    "reasons",
    "done",
    "remedy",
    "office",
    "day",
)
COPY_FIELDS: Final = ("number", "name", "day")
COPY_LISTS: Final = {"rows": ("section", "label", "value")}


def letter_data(row: Request) -> Fields:
    """What the letter says, in the deployment's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return cleaned(
            {
                "number": row.number,
                "kind": row.kind_label,
                "name": row.name,
                "guardian": row.guardian,
                "received": local_date(row.received_at).isoformat(),
                "decision": _("Granted") if row.granted else _("Not granted"),
                "reasons": row.reasons,
                "done": "、".join(done_words(row)),
                "remedy": _(
                    "Whoever does not agree may ask again here, complain to the county's authority, or go to court."
                ),
                "office": row.area.name,
                "day": local_date(clock.now()).isoformat(),
            }
        )


def copy_data(row: Request) -> Fields:
    """All that the house holds of the person, line by line."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = [
            {"section": str(section.title), "label": str(section.labels.get(name, name)), "value": value}
            for section in copy_for(row)
            for one in section.rows
            for name, value in one.items()
            if value
        ]
        return cleaned({"number": row.number, "name": row.name, "day": format_time(clock.now()), "rows": lines})


def letter_template(language: str) -> bytes:
    """A Word template of the letter with its words in ``language``."""
    # the maker of Word files takes its time to load: only where a template is asked for
    from docx import Document

    from minqing.documents.word.layout import set_up

    with translation.override(language):
        document = Document()
        set_up(document, _("Answer to your request"))
        document.add_heading(_("Answer to your request"), level=1)
        for line in (
            "{{ number }} · {{ kind }}",
            "{{ name }}{% if guardian %} (" + _("asked for by") + " {{ guardian }}){% endif %}",
            _("You asked on") + " {{ received }}",
            "{{ decision }}",
            "{{ reasons }}",
            "{% if done %}" + _("Carried out in:") + " {{ done }}{% endif %}",
            "{{ remedy }}",
            "{{ office }} {{ day }}",
        ):
            document.add_paragraph(line)
        return saved(document)


def copy_template(language: str) -> bytes:
    """A Word template of the copy with its words in ``language``."""
    from docx import Document

    from minqing.documents.word.layout import add_row, set_up

    with translation.override(language):
        document = Document()
        set_up(document, _("What we hold of you"))
        document.add_heading(_("What we hold of you"), level=1)
        document.add_paragraph("{{ name }} · {{ number }} · {{ day }}")
        table = document.add_table(rows=0, cols=3)
        table.style = "Table Grid"
        add_row(table, ("{%tr for row in rows %}", "", ""))
        add_row(table, ("{{ row.section }}", "{{ row.label }}", "{{ row.value }}"))
        add_row(table, ("{%tr endfor %}", "", ""))
        return saved(document)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


LETTER: Final = PrintSheet(
    code="rights.letter",
    label=gettext_lazy("Answer to a request about own data"),
    fields=LETTER_FIELDS,
    lists={},
    standard=letter_template,
    page="rights/letter.html",
    style=STYLE,
)
COPY: Final = PrintSheet(
    code="rights.copy",
    label=gettext_lazy("Copy of what is held of a person"),
    fields=COPY_FIELDS,
    lists=COPY_LISTS,
    standard=copy_template,
    page="rights/copy.html",
    style=STYLE,
)
# of the one there is a letter, of the other a copy: as it stands on that day, so none is made once it was handed over
WITH_LETTER: Final = frozenset({State.DONE, State.REFUSED, State.ANSWERED})
WITH_COPY: Final = frozenset({(RequestKind.COPY, State.DONE)})
