"""Tables of partners."""

from minqing.partners.models.partner import Bucket, Partner, Token

__all__ = ["Bucket", "Partner", "Token"]
