"""The household table 户情表 (:mod:`minqing.intake.kinds`): how it is checked and stored."""

from django.utils.translation import gettext_lazy as _

from minqing.households.imports.checking import Households
from minqing.households.imports.columns import COLUMNS, EXAMPLES
from minqing.households.imports.tags import KIND as TAGS
from minqing.intake.kinds import TableKind
from minqing.org.enums import Role

HOUSEHOLDS = TableKind(
    code="households",
    label=_("Households"),
    explanation=_("One person a row, with the number of the household."),
    columns=COLUMNS,
    roles=frozenset({Role.CLERK.value}),
    open=Households,
    event="households.import.loaded",
    taken=_("This household number or this person is in use outside your area. Ask the operator of your county."),
    more_examples=EXAMPLES,
)
KINDS = (HOUSEHOLDS, TAGS)
__all__ = ["KINDS"]
