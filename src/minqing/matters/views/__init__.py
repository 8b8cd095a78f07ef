"""Pages of matters."""

from minqing.matters.views.detail import detail, move, picture, reporter
from minqing.matters.views.listing import listing, new
from minqing.matters.views.triage import route, triage

__all__ = ["detail", "listing", "move", "new", "picture", "reporter", "route", "triage"]
