"""Reading partners."""

from minqing.partners.queries.who import actor_of, partner_by_code, partners, token_by_id, token_of, tokens_of

__all__ = ["actor_of", "partner_by_code", "partners", "token_by_id", "token_of", "tokens_of"]
