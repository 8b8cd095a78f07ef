"""How an activity was."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.activities.models import Activity, Report
from minqing.activities.rules import LONGEST_WORDS, MOST_PICTURES
from minqing.activities.services import report_activity
from minqing.core.actor import Actor
from minqing.files.forms import KeepsPictures, PicturesField
from minqing.web.forms import OnceForm


class HowItWasForm(KeepsPictures, OnceForm):  # type: ignore[misc]  # as OnceForm
    words = forms.CharField(label=_("In words"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 5}))
    photos = PicturesField(label=_("Photos"), max=MOST_PICTURES)
    public = forms.BooleanField(label=_("May be shown to everybody: whoever is in the pictures agreed"), required=False)

    def apply(self, *, activity: Activity, by: Actor) -> Report | None:
        """The report; None where the service finds something wrong, which the form then says."""
        data = self.cleaned_data
        return self.tried(
            lambda: report_activity(
                id=data["request_id"],
                activity=activity,
                words=data["words"],
                public=data["public"],
                picture_ids=self.all_pictures(by=by),
                by=by,
            )
        )
