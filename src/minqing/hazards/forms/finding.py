"""A hazard is reported, and told to be put right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.files.forms import KeepsPictures, PicturesField
from minqing.hazards.enums import Severity
from minqing.hazards.models import ChecklistVersion, Hazard
from minqing.hazards.rules import LONGEST_PLACE, LONGEST_WORDS, MOST_PICTURES
from minqing.hazards.services import find_hazard, put_right_hazard
from minqing.households.protocols import HouseholdLike
from minqing.org.queries import who_changed
from minqing.web.forms import Data, Files, FormOptions, OnceForm, SeenMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SEVERITIES = [(one.value, one.label) for one in Severity]


def in_words(label: StrOrPromise, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class HazardForm(KeepsPictures, OnceForm):  # type: ignore[misc]  # as OnceForm
    """What was seen by one checklist, or by none, at a household or a place."""

    items = forms.MultipleChoiceField(label=_("What did you see?"), required=False, widget=forms.CheckboxSelectMultiple)
    words = in_words(_("In your own words"), required=False)
    area = forms.TypedChoiceField(label=_("Which village or grid?"), coerce=int)
    place = forms.CharField(label=_("Where is it?"), max_length=LONGEST_PLACE, required=False)
    photos = PicturesField(label=_("Photos"), max=MOST_PICTURES)
    severity = forms.ChoiceField(
        # whoever finds it may say that it is graver than the list, not that it is less
        label=_("How grave is it?"),
        required=False,
        choices=[("", _("As the checklist says")), *SEVERITIES[1:]],
    )
    righted = in_words(
        _("Put right on the spot? Write how"), 2, required=False,
        help_text=_("Leave it empty if it is still to be done. The photos then show how it is now."),
    )  # fmt: skip

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        version: ChecklistVersion | None,
        household: HouseholdLike | None,
        places: Sequence[tuple[int, str]] = (),
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.version, self.household = version, household
        fields: Any = self.fields
        if version:
            fields["items"].choices = [(one["code"], one["look"]) for one in version.items]
        else:
            del self.fields["items"]
            fields["words"].required = True
            fields["severity"].choices = SEVERITIES
        if household:
            del self.fields["area"]
            fields["place"].label = _("Where in or at the house?")
        else:
            fields["area"].choices = places
            fields["place"].required = True

    def apply(self, *, by: Actor) -> Hazard | None:
        """The hazard; None where the service finds something wrong, which the form then says."""
        data, home = self.cleaned_data, self.household
        righted, pictures = data["righted"].strip(), self.all_pictures(by=by)
        return self.tried(
            lambda: find_hazard(
                id=data["request_id"],
                area_id=home.area_id if home else data["area"],
                household_id=home.pk if home else None,
                place=data["place"],
                version_id=self.version.pk if self.version else None,
                items=data.get("items", ()),
                words=data["words"],
                severity=Severity(data["severity"]) if data["severity"] else None,
                righted=righted,
                picture_ids=() if righted else pictures,
                righted_picture_ids=pictures if righted else (),
                by=by,
            )
        )


class PutRightForm(KeepsPictures, SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """How it was put right, with a photo of how it is now."""

    words = in_words(_("How was it put right?"))
    photos = PicturesField(label=_("Photos of how it is now"), max=MOST_PICTURES)

    def __init__(self, data: Data = None, files: Files = None, *, row: Hazard, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        subject = f"hazard:{row.pk}"
        self.stands_at(subject, [row.state, row.changed_at], told=partial(who_changed, subject))

    def apply(self, *, row: Hazard, by: Actor) -> Hazard | None:
        """The hazard; None where the service finds something wrong, which the form then says."""
        data = self.cleaned_data
        return self.tried(
            lambda: put_right_hazard(
                id=data["request_id"], hazard=row, words=data["words"], picture_ids=self.all_pictures(by=by), by=by
            )
        )
