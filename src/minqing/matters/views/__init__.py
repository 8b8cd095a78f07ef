"""Pages of matters."""

from minqing.matters.views.detail import detail, picture, reporter
from minqing.matters.views.keeping import (
    phrase_drop,
    phrase_list,
    phrases_here,
)
from minqing.matters.views.moves import move
from minqing.matters.views.printing import sheet, slip, slips
from minqing.matters.views.similar import alike, similar, together
from minqing.matters.views.taking_in import new, receipt
from minqing.matters.views.wall import wall

__all__ = [
    "alike",
    "detail",
    "move",
    "new",
    "phrase_drop",
    "phrase_list",
    "phrases_here",
    "picture",
    "receipt",
    "reporter",
    "sheet",
    "similar",
    "slip",
    "slips",
    "together",
    "waiting",
    "wall",
]
