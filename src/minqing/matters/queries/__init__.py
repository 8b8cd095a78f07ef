"""Reading matters. Nothing else decides which may be seen; row-level security says the same once more."""

from minqing.matters.queries.figures import Figures, figures, figures_by
from minqing.matters.queries.finding import Filters, filtered, search
from minqing.matters.queries.lights import light_of, soon, with_lights
from minqing.matters.queries.seeing import (
    by_number_and_code,
    by_ticket,
    categories,
    confirmations_of,
    matter_for,
    of_household,
    open_for,
    pictures_of,
    steps_of,
    to_triage,
    visible_matters,
)

__all__ = [
    "Figures",
    "Filters",
    "by_number_and_code",
    "by_ticket",
    "categories",
    "confirmations_of",
    "figures",
    "figures_by",
    "filtered",
    "light_of",
    "matter_for",
    "of_household",
    "open_for",
    "pictures_of",
    "search",
    "soon",
    "steps_of",
    "to_triage",
    "visible_matters",
    "with_lights",
]
