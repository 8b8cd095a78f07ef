"""The operator's form of a checklist: one item on each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.hazards.enums import Severity
from minqing.hazards.models import ChecklistVersion
from minqing.hazards.rules import LONGEST_NAME
from minqing.hazards.services import add_checklist, change_checklist
from minqing.hazards.services.checklists import Item, Said
from minqing.org.queries import who_changed
from minqing.web.forms import Data, FormOptions, OnceForm, SeenMixin

SIGN = "｜"


class ChecklistForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """All that is said of a checklist; saving makes a new version of it."""

    name = forms.CharField(label=_("Name of the checklist"), max_length=LONGEST_NAME)
    items = forms.CharField(label=_("What to look at"), widget=forms.Textarea(attrs={"rows": 12}))
    withdrawn = forms.BooleanField(
        label=_("Out of use"), required=False, help_text=_("Nobody is asked for it any more. What was found stays.")
    )

    def __init__(
        self, data: Data = None, *, row: ChecklistVersion | None = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.row = row
        severities = " · ".join(str(one.label) for one in Severity)
        self.fields["items"].help_text = _(
            "One on each line; before it the severity and a stroke where it is not ordinary (%(severities)s)."
        ) % {"severities": severities}
        if row is not None:
            lines = "\n".join(line_of(one) for one in row.items)
            self.initial = {"name": row.name, "withdrawn": row.withdrawn, "items": lines}
            subject = f"checklist:{row.code}"
            self.stands_at(subject, row.number, told=partial(who_changed, subject))

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        codes = {one["look"]: one["code"] for one in self.row.items} if self.row else {}
        items = [Item(look, severity, codes.get(look, "")) for look, severity in lines_in(data["items"])]
        return Said(name=data["name"], items=items, withdrawn=data.get("withdrawn", False))

    def apply(self, *, by: Actor) -> ChecklistVersion:
        assert self.row is not None  # noqa: S101
        return change_checklist(id=self.cleaned_data["request_id"], code=self.row.code, said=self.said, by=by)


class NewChecklistForm(ChecklistForm):
    """One more checklist."""

    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Small letters, digits, underscores. It never changes.")
    )
    field_order = ("name", "items", "code")

    def __init__(self, data: Data = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        del self.fields["withdrawn"]

    def apply(self, *, by: Actor) -> ChecklistVersion:
        data = self.cleaned_data
        return add_checklist(id=data["request_id"], code=data["code"], said=self.said, by=by)


def line_of(item: Mapping[str, Any]) -> str:
    severity = Severity(item["severity"])
    return str(item["look"]) if severity is Severity.ORDINARY else f"{severity.label}{SIGN}{item['look']}"


def lines_in(text: str) -> Iterator[tuple[str, Severity]]:
    """Each line with its severity; a word before the stroke that is none belongs to what is looked at."""
    severities = {str(one.label): one for one in Severity}
    for line in text.replace("|", SIGN).splitlines():
        word, sign, look = line.strip().partition(SIGN)
        if sign and word.strip() in severities:
            yield look.strip(), severities[word.strip()]
        elif line.strip():
            yield line.strip(), Severity.ORDINARY
