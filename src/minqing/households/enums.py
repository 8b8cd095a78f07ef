"""Words of household files."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = ""

    @property
    def label(self) -> str:
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
    def label(self) -> str:
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
