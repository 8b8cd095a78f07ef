"""Tables of the organisation: areas, units, staff (:mod:`minqing.intake.kinds`)."""

from minqing.org.imports import areas, staff, units

KINDS = (areas.KIND, units.KIND, staff.KIND)
__all__ = ["KINDS"]
