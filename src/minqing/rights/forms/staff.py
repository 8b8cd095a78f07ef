"""The staff's forms of a request: taken in on paper, identity checked, decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.households.protocols import HouseholdLike
from minqing.households.queries.files import Member
from minqing.privacy.subjects import correctable, right_value
from minqing.rights import services
from minqing.rights.enums import Guardianship, ProofPlace, RequestKind
from minqing.rights.models import Request
from minqing.rights.rules import LONGEST_WORDS
from minqing.web.forms import Data, FormOptions, OnceForm, needed

NOT_ON_FILE = "none"
RIGHT = "right_"


def words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def say_wrong(form: forms.Form) -> None:
    """Say beside its field of each right value that no file could take it: it could never be carried out."""
    for name in correctable():
        if text := form.cleaned_data.get(f"{RIGHT}{name}", "").strip():
            try:
                right_value(name, text)
            except DomainError as error:
                form.add_error(f"{RIGHT}{name}", str(error.sentence))


class AsksMixin(forms.Form):
    """What is asked; of a correction what is right, in one field for each that a room can correct."""

    kind = forms.ChoiceField(
        label=_("What is asked"),
        choices=[(one.value, one.label) for one in RequestKind],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=_("In their own words"), required=False, max_length=LONGEST_WORDS, widget=words(3))

    def __init__(self, data: Data = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        for name, label in correctable().items():
            field = forms.CharField(label=_("Right: %(field)s") % {"field": label}, required=False, max_length=60)
            needed(_("Only for a correction"), field)
            self.fields[f"{RIGHT}{name}"] = field

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        if data.get("kind") == RequestKind.CORRECT:
            say_wrong(self)
        return data

    def corrections(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(f"{RIGHT}{name}", "") for name in correctable()}


def guardianships() -> list[tuple[str, object]]:
    return [("", _("For themselves")), *((one.value, one.label) for one in Guardianship)]


class TakeInForm(AsksMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """On paper, typed by a cadre. Who it is about is one of the household, or somebody without a file."""

    resident = forms.ChoiceField(label=_("Whom is it about?"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    area = forms.TypedChoiceField(label=_("Place"), coerce=int, required=False)
    guardianship = forms.ChoiceField(label=_("Who asks?"), required=False)
    guardian = forms.CharField(label=_("Name of the one who asks"), max_length=60, required=False)
    prove_at = forms.ChoiceField(
        label=_("Where is the identity shown?"),
        choices=[(one.value, one.label) for one in ProofPlace],
        widget=forms.RadioSelect,
        initial=ProofPlace.OFFICE.value,
    )
    field_order = ("resident", "name", "phone", "area", "guardianship", "guardian", "kind", "words")

    def __init__(
        self,
        data: Data = None,
        *,
        members: Sequence[Member] = (),
        places: Sequence[tuple[int, str]] = (),
        **options: Unpack[FormOptions],
    ):
        super().__init__(data, **options)
        # where it is shown comes last, behind what is right
        self.order_fields([*(name for name in self.fields if name != "prove_at"), "prove_at"])
        self.members = {str(one.id): one for one in members}
        self.fields["guardianship"].choices = guardianships()  # type: ignore[attr-defined]
        needed(_("Only when somebody else asks"), self.fields["guardian"])
        if members:
            people = [(key, one.name) for key, one in self.members.items()]
            self.fields["resident"].choices = [*people, (NOT_ON_FILE, _("Another person"))]  # type: ignore[attr-defined]
            needed(_("Only for another person"), self.fields["name"], self.fields["phone"])
            del self.fields["area"]
        else:
            del self.fields["resident"]
            self.fields["area"].choices = places  # type: ignore[attr-defined]

    def apply(self, *, household: HouseholdLike | None, by: Actor) -> Request | None:
        """The request; None where the service finds something wrong, which the form then says."""
        data = self.cleaned_data
        one = self.members.get(data.get("resident", ""))
        return self.tried(
            lambda: services.ask_request(
                id=data["request_id"],
                kind=RequestKind(data["kind"]),
                by=by,
                words=data["words"],
                area_id=household.area_id if household else data["area"],
                household_id=household.pk if household else None,
                resident_id=one.id if one else None,
                name=one.name if one else data["name"],
                phone=data["phone"],
                values=self.corrections(),
                guardian=data["guardian"],
                prove_at=ProofPlace(data["prove_at"]),
                guardianship=Guardianship(data["guardianship"]) if data["guardianship"] else None,
            )
        )
