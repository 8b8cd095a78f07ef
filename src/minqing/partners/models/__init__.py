"""Tables of partners."""

from minqing.partners.models.hooks import Delivery, Endpoint
from minqing.partners.models.inbound import Inbound
from minqing.partners.models.partner import Bucket, Partner, Token

__all__ = ["Bucket", "Delivery", "Endpoint", "Inbound", "Partner", "Token"]
