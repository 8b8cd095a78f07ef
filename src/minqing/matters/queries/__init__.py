"""Reading matters. Nothing else decides which may be seen; row-level security says the same once more."""

from minqing.matters.models.naming import outside_word, public_word, state_word, with_names, word_of
from minqing.matters.queries.asking import said_at_door, to_ask_at_door
from minqing.matters.queries.clocks import OnRecord, deadlines_of, reckoned, records_of
from minqing.matters.queries.dossier import Dossier, dossier_of
from minqing.matters.queries.figures import figures_by
from minqing.matters.queries.finding import Filters, filtered, search
from minqing.matters.queries.keeping import saved_filters
from minqing.matters.queries.lights import light_of, running_of, soon, with_lights
from minqing.matters.queries.seeing import (
    by_number_and_code,
    by_ticket,
    calls_from,
    categories,
    category_names,
    contact_of,
    matter_for,
    matters_of,
    numbered,
    of_household,
    open_for,
    pictures_of,
    pictures_told,
    readable,
    reporter_to_tell,
    steps_of,
    taken_in,
    title_told,
    to_triage,
    unit_of_part,
    visible_matters,
)
from minqing.matters.queries.senders import category_version, for_sender, public_steps, step_since, with_public_moves
from minqing.matters.queries.similar import Alike, similar_matters
from minqing.matters.queries.worklist import QUEUES, Queue, in_queue, queue_counts, queues_of

__all__ = [
    "QUEUES",
    "Alike",
    "Dossier",
    "Filters",
    "OnRecord",
    "Queue",
    "by_number_and_code",
    "by_ticket",
    "calls_from",
    "categories",
    "category_names",
    "category_version",
    "contact_of",
    "deadlines_of",
    "dossier_of",
    "figures_by",
    "filtered",
    "for_sender",
    "in_queue",
    "light_of",
    "matter_for",
    "matters_of",
    "numbered",
    "of_household",
    "open_for",
    "outside_word",
    "pictures_of",
    "pictures_told",
    "public_steps",
    "public_word",
    "queue_counts",
    "queues_of",
    "readable",
    "reckoned",
    "records_of",
    "reporter_to_tell",
    "running_of",
    "said_at_door",
    "saved_filters",
    "search",
    "similar_matters",
    "soon",
    "state_word",
    "step_since",
    "steps_of",
    "taken_in",
    "title_told",
    "to_ask_at_door",
    "to_triage",
    "unit_of_part",
    "visible_matters",
    "with_lights",
    "with_names",
    "with_public_moves",
    "word_of",
]
