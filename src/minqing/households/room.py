"""What this room brings to the house."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.administration.rules import OPERATORS
from minqing.audit.kinds import Record
from minqing.core.room import Beginning, Entry, Group, Mount, Room, SlotPart
from minqing.households.deeds import DEEDS
from minqing.households.imports import KINDS
from minqing.households.lists import DUPLICATES, HOUSEHOLDS
from minqing.households.queries import a_file_that_opens, codes_given, how_many, id_numbered, numbers_of
from minqing.households.rules import MERGES
from minqing.households.services import carry_households, load_tags
from minqing.households.slots import on_find, on_today, tags_due
from minqing.households.subjects import SUBJECTS
from minqing.org.enums import FIELD, Goes, Role
from minqing.org.kinds import Placed

SECRETARY = frozenset({Role.VILLAGE_SECRETARY})

ROOM = Room(
    name="households",
    pages=(Mount("households/", "minqing.households.urls"),),
    entries=(
        Entry(50, "households:list", _("Households"), "people", FIELD, Group.RECORDS),
        Entry(86, "households:duplicates", _("On file twice?"), "people", MERGES, Group.TOOLS),
        Entry(152, "households:kept_tags", _("Tags"), "tags", OPERATORS, Group.SYSTEM),
    ),
    tables=tuple(KINDS),
    lists=(HOUSEHOLDS, DUPLICATES),
    slots=("households.file.top", "households.file.main", "households.file.side"),
    parts=(
        SlotPart("desk.today", on_today, rank=10, roles=FIELD),
        SlotPart("desk.today", tags_due, rank=60, roles=SECRETARY),
        SlotPart("desk.find", on_find, rank=20, roles=FIELD),
    ),
    reference=(load_tags,),
    beginnings=(
        Beginning(
            40,
            _("Households"),
            "households",
            how_many,
            how=_("The township's clerk signs in and brings them as a table, under “Import tables”."),
        ),
        Beginning(50, _("Household codes"), "", codes_given, how=_("On the household's page.")),
    ),
    proofs=(a_file_that_opens,),
    subjects=SUBJECTS,
    demo="minqing.households.demo.Households",
    placed=(
        Placed(
            model="households.Household",
            goes=Goes.ALONG,
            now=Q(closed_at=None),
            label=_("Households on file"),
            stops=_("Move its households to another area first, or close their files."),
            carry=carry_households,
        ),
        Placed(model="households.Resident", goes=Goes.HOME, now=Q(left_at=None), label=_("People on file")),
        Placed(model="households.TagGrant", goes=Goes.HOME),
        Placed(model="households.HouseholdCode", goes=Goes.HOME),
        Placed(model="households.Move", goes=Goes.STAYS, column="from_area"),
        Placed(model="households.Move", goes=Goes.STAYS, column="to_area"),
    ),
    deeds=DEEDS,
    jobs={"households.duplicates": _("Looking for people on file twice")},
    records=(Record(code="household", label=_("household {name}"), named=numbers_of, found=id_numbered),),
)
