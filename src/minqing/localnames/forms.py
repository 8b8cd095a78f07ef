"""The form of the county's words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, TwoTexts
from minqing.localnames import services
from minqing.localnames.kinds import Vocabulary
from minqing.localnames.models import WORD_LENGTH
from minqing.localnames.queries import NAMES
from minqing.localnames.services import Said
from minqing.org.queries import who_changed
from minqing.web.forms import Data, SeenMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class NamesForm(SeenMixin):
    """A word for each member of ``kind``, and where residents read it their word beside it."""

    def __init__(self, data: Data = None, *, kind: Vocabulary, language: str) -> None:
        super().__init__(data, auto_id=f"{kind.code}-%s")
        self.kind, self.language = kind, language
        kept = NAMES.now()
        for one in kind.members:
            word, public = kept.get((kind.code, one.value, language), ("", ""))
            self.fields[f"word-{one.value}"] = self.field(_("Called here"), word, self.shipped(one))
            if kind.for_residents:
                self.fields[f"public-{one.value}"] = self.field(_("Residents read"), public, "")
        self.stands_at(subject := f"names:{kind.code}", language, told=partial(who_changed, subject))

    def field(self, label: StrOrPromise, word: str, shipped: str) -> forms.CharField:
        hint = forms.TextInput(attrs={"placeholder": shipped})
        return forms.CharField(label=label, initial=word, required=False, max_length=WORD_LENGTH, widget=hint)

    def shipped(self, one: Any) -> str:
        with override(self.language):
            return str(one.label)

    def rows(self) -> list[dict[str, Any]]:
        """For the page: the machine type, its shipped word, and the fields beside each other."""
        return [
            {
                "code": one.value,
                "shipped": self.shipped(one),
                "fields": [self[name] for name in (f"word-{one.value}", f"public-{one.value}") if name in self.fields],
            }
            for one in self.kind.members
        ]

    def apply(self, *, by: Actor) -> bool:
        data = self.cleaned_data
        words = {
            one.value: Said(data[f"word-{one.value}"], data.get(f"public-{one.value}", "")) for one in self.kind.members
        }
        try:
            services.set_names(kind=self.kind, language=self.language, words=words, by=by)
        except TwoTexts:
            raise
        except DomainError as error:
            if error.http_status == 403:
                raise
            field = f"word-{error.data.get('member', '')}"
            self.add_error(field if field in self.fields else None, error.sentence)
            return False
        return True
