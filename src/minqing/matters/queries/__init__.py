"""Reading matters. Nothing else decides which may be seen; row-level security says the same once more."""

from minqing.matters.queries.clocks import OnRecord, clocks_of, reckoned, records_of
from minqing.matters.queries.figures import Figures, figures, figures_by
from minqing.matters.queries.finding import Filters, filtered, search
from minqing.matters.queries.lights import light_of, soon, with_lights
from minqing.matters.queries.seeing import (
    by_number_and_code,
    by_ticket,
    categories,
    confirmations_of,
    extension_asked,
    matter_for,
    merged_into,
    of_household,
    open_for,
    parts_of,
    pictures_of,
    reporter_to_tell,
    steps_of,
    supervision_of,
    to_triage,
    unit_of_part,
    visible_matters,
)
from minqing.matters.queries.senders import category_version, for_sender, public_moves_of

__all__ = [
    "Figures",
    "Filters",
    "OnRecord",
    "by_number_and_code",
    "by_ticket",
    "categories",
    "category_version",
    "clocks_of",
    "confirmations_of",
    "extension_asked",
    "figures",
    "figures_by",
    "filtered",
    "for_sender",
    "light_of",
    "matter_for",
    "merged_into",
    "of_household",
    "open_for",
    "parts_of",
    "pictures_of",
    "public_moves_of",
    "reckoned",
    "records_of",
    "reporter_to_tell",
    "search",
    "soon",
    "steps_of",
    "supervision_of",
    "to_triage",
    "unit_of_part",
    "visible_matters",
    "with_lights",
]
