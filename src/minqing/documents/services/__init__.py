"""The county's own print sheets."""

from minqing.documents.services.storing import store_template

__all__ = ["store_template"]
