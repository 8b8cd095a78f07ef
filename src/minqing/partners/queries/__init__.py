"""Reading partners."""

from minqing.partners.queries.hooks import deliveries, endpoint_by_id, endpoints, own_guard
from minqing.partners.queries.who import actor_of, partner_by_code, partners, token_by_id, token_of, tokens_of

__all__ = [
    "actor_of",
    "deliveries",
    "endpoint_by_id",
    "endpoints",
    "own_guard",
    "partner_by_code",
    "partners",
    "token_by_id",
    "token_of",
    "tokens_of",
]
