"""Reading partners."""

from minqing.partners.queries.hooks import deliveries, delivery_by_id, endpoints, own_guard
from minqing.partners.queries.inbound import inbox_actor, laid_aside
from minqing.partners.queries.tokens import (
    actor_of,
    partner_by_code,
    partner_by_id,
    partners,
    token_by_id,
    token_of,
    tokens_of,
)

__all__ = [
    "actor_of",
    "deliveries",
    "delivery_by_id",
    "endpoints",
    "inbox_actor",
    "laid_aside",
    "own_guard",
    "partner_by_code",
    "partner_by_id",
    "partners",
    "token_by_id",
    "token_of",
    "tokens_of",
]
