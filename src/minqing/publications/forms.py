"""The forms of a publication: the text in the clerk's own words, and the presses that move it on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.matters.queries.publishable import Told, topics
from minqing.org.enums import Level
from minqing.org.queries import areas_of_levels
from minqing.publications import services
from minqing.publications.enums import Act
from minqing.publications.models import Publication
from minqing.publications.queries.opened import Wanted
from minqing.publications.services.texts import TITLE_LENGTH
from minqing.web.forms import BootstrapFormMixin, Data, OnceForm, SeenMixin

VERBS = {
    Act.REVIEW.value: services.review_publication,
    Act.PUBLISH.value: services.publish,
}


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PublicationForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """What the public will read, prefilled with the original after masking."""

    title = forms.CharField(label=_("Headline"), max_length=TITLE_LENGTH)
    question = forms.CharField(
        label=_("What it was about"),
        max_length=20_000,
        widget=lines(6),
        help_text=_("In words of your own. Leave out whatever tells who it was: age, job, house, day."),
    )
    answer = forms.CharField(label=_("How it was solved"), max_length=20_000, widget=lines(6))
    objection = forms.BooleanField(label=_("The reporter does not want this to be published"), required=False)

    def apply(self, *, matter: Told, by: Actor) -> bool:
        """Save the draft; False when the service found something wrong, which the form then says."""
        data: dict[str, Any] = dict(self.cleaned_data)
        id = data.pop("request_id")
        made = self.tried(lambda: services.prepare_publication(id=id, matter=matter, by=by, **data))
        return made is not None


class ActForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """One press: which, and the version of the text that was on the page."""

    act = forms.ChoiceField(choices=[(one.value, one.label) for one in Act if one is not Act.PREPARE])
    version = forms.IntegerField(min_value=1, max_value=1_000_000)

    def apply(self, *, publication: Publication, by: Actor) -> None:
        """Raises the service's DomainError."""
        act = self.cleaned_data["act"]
        if act == Act.WITHDRAW:
            services.withdraw_publication(publication=publication, by=by)
        else:
            VERBS[act](publication=publication, version=self.cleaned_data["version"], by=by)


class OpenForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """The search of the public list; what cannot be read counts as not asked."""

    text = forms.CharField(
        label=_("Search"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    place = forms.TypedChoiceField(label=_("Township"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Data) -> None:
        super().__init__(data)
        townships = [(area.id, area.name) for area in areas_of_levels(Level.TOWNSHIP)]
        self.fields["category"].choices = [("", _("All")), *topics(in_use=True)]  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", _("All")), *townships]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})
