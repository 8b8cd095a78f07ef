"""The staff's forms of a request: taken in on paper, identity checked, decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, TwoTexts
from minqing.households.protocols import HouseholdLike
from minqing.households.queries.files import Member
from minqing.privacy.subjects import correctable, right_value
from minqing.rights import services
from minqing.rights.enums import Guardianship, Kind, Place, Proof
from minqing.rights.models import Request
from minqing.rights.rules import LONGEST_WORDS
from minqing.web.forms import Data, FormOptions, OnceForm, OnceSeenMixin, needed, was_sent_again

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
        choices=[(one.value, one.label) for one in Kind],
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
        if data.get("kind") == Kind.CORRECT:
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
        choices=[(one.value, one.label) for one in Place],
        widget=forms.RadioSelect,
        initial=Place.OFFICE.value,
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
        try:
            return services.ask_request(
                id=data["request_id"],
                kind=Kind(data["kind"]),
                by=by,
                words=data["words"],
                area_id=household.area_id if household else data["area"],
                household_id=household.pk if household else None,
                resident_id=one.id if one else None,
                name=one.name if one else data["name"],
                phone=data["phone"],
                values=self.corrections(),
                guardian=data["guardian"],
                prove_at=Place(data["prove_at"]),
                guardianship=Guardianship(data["guardianship"]) if data["guardianship"] else None,
            )
        except TwoTexts:
            raise
        except DomainError as error:
            if error.http_status == 403:
                raise
            self.add_error(None, str(error.sentence))
            return None


class MoveForm(OnceSeenMixin):
    """A form that moves one request on; ``apply`` is False where the service finds something wrong."""

    def apply(self, *, request: Request, by: Actor) -> bool:
        if was_sent_again():
            return True
        try:
            self.move(request=request, by=by)
        except TwoTexts:
            raise
        except DomainError as error:
            if error.http_status == 403:
                raise
            self.add_error(None, str(error.sentence))
            return False
        return True

    def move(self, *, request: Request, by: Actor) -> None:
        raise NotImplementedError


class CheckForm(MoveForm):
    """What was shown, and who on file that is."""

    proof = forms.ChoiceField(
        label=_("What was shown"), choices=[(one.value, one.label) for one in Proof], widget=forms.RadioSelect
    )
    resident = forms.ChoiceField(label=_("Who on file is it?"), widget=forms.RadioSelect)
    guardianship_shown = forms.BooleanField(
        label=_("The document of the one who asks for another was shown too"), required=False
    )

    phone_shown = forms.BooleanField(
        required=False,
        help_text=_("Without this, nothing that was reported under the number is shown, changed or deleted."),
    )

    def __init__(
        self, data: Data = None, *, row: Request, members: Sequence[Member], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        people = [(str(one.id), " ".join(filter(None, (one.name, one.identity_number, one.phone)))) for one in members]
        self.fields["resident"].choices = [*people, (NOT_ON_FILE, _("Somebody without a file"))]  # type: ignore[attr-defined]
        self.fields["resident"].initial = str(row.resident_id) if row.resident_id else None
        if not row.guardianship:
            del self.fields["guardianship_shown"]
        label = _("%(phone)s was called in front of you, and this person answered") % {"phone": row.phone}
        on_file = _("The number in this person's file was called in front of you, and this person answered")
        self.fields["phone_shown"].label = label if row.phone else on_file

    def move(self, *, request: Request, by: Actor) -> None:
        data = self.cleaned_data
        chosen = None if data["resident"] == NOT_ON_FILE else UUID(data["resident"])
        services.check_identity(
            request=request,
            proof=Proof(data["proof"]),
            resident_id=chosen,
            by=by,
            guardianship_shown=data.get("guardianship_shown", False),
            phone_shown=data.get("phone_shown", False),
        )


def reasons() -> forms.CharField:
    return forms.CharField(
        label=_("Reasons"),
        max_length=LONGEST_WORDS,
        widget=words(4),
        help_text=_("They stand in the letter: write as to the person. Of an explanation they are the explanation."),
    )


class DecideForm(MoveForm):
    """Granted or not, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("grant", _("Grant")), ("refuse", _("Refuse"))], widget=forms.RadioSelect
    )
    reasons = reasons()

    def move(self, *, request: Request, by: Actor) -> None:
        data = self.cleaned_data
        services.decide_request(request=request, grant=data["decision"] == "grant", reasons=data["reasons"], by=by)


class RejectForm(MoveForm):
    """Nobody has shown who they are."""

    reasons = reasons()

    def move(self, *, request: Request, by: Actor) -> None:
        services.reject_identity(request=request, reasons=self.cleaned_data["reasons"], by=by)
