"""Words of household files."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = ""

    @property
    def label(self) -> StrOrPromise:
        return SEX_LABELS[self]


SEX_LABELS = {Sex.FEMALE: _("Female"), Sex.MALE: _("Male"), Sex.UNKNOWN: _("Not known")}


class Relation(StrEnum):
    """How a member stands to the head of the household (与户主关系)."""

    HEAD = "head"
    SPOUSE = "spouse"
    SON = "son"
    DAUGHTER = "daughter"
    PARENT = "parent"
    GRANDCHILD = "grandchild"
    SIBLING = "sibling"
    OTHER = "other"

    @property
    def label(self) -> StrOrPromise:
        return RELATION_LABELS[self]


RELATION_LABELS = {
    Relation.HEAD: _("Head of household"),
    Relation.SPOUSE: _("Spouse"),
    Relation.SON: _("Son"),
    Relation.DAUGHTER: _("Daughter"),
    Relation.PARENT: _("Parent"),
    Relation.GRANDCHILD: _("Grandchild"),
    Relation.SIBLING: _("Brother or sister"),
    Relation.OTHER: _("Other"),
}


class Datum(StrEnum):
    """Which ellipsoid a point is measured on; the two differ by hundreds of metres in China."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    CGCS2000 = "CGCS2000"


class Purpose(StrEnum):
    """Why somebody opens what is closed by default: stands in the journal, and the household can read it."""

    VISIT = "visit"
    MATTER = "matter"
    CHECK = "check"
    EMERGENCY = "emergency"

    @property
    def label(self) -> StrOrPromise:
        return PURPOSE_LABELS[self]


PURPOSE_LABELS = {
    Purpose.VISIT: _("For a visit"),
    Purpose.MATTER: _("For a matter in hand"),
    Purpose.CHECK: _("To check the file"),
    Purpose.EMERGENCY: _("In an emergency"),
}


class Closed(StrEnum):
    """What of a person is shown only on asking."""

    PHONE = "phone"
    IDENTITY = "identity"


class TagSource(StrEnum):
    """Where the knowledge behind a tag comes from."""

    VISIT = "visit"
    TOLD = "told"
    REGISTER = "register"
    VILLAGE = "village"

    @property
    def label(self) -> StrOrPromise:
        return SOURCE_LABELS[self]


SOURCE_LABELS = {
    TagSource.VISIT: _("Seen on a visit"),
    TagSource.TOLD: _("Told by the household"),
    TagSource.REGISTER: _("An official register"),
    TagSource.VILLAGE: _("The village committee"),
}


class Likeness(StrEnum):
    """What two entries have in common beside the name."""

    BIRTH = "birth"
    PHONE = "phone"
    ADDRESS = "address"

    @property
    def label(self) -> StrOrPromise:
        return LIKENESS_LABELS[self]


LIKENESS_LABELS = {
    Likeness.BIRTH: _("same day of birth"),
    Likeness.PHONE: _("same telephone"),
    Likeness.ADDRESS: _("same address"),
}
