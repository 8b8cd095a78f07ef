"""Pages of matters."""

from minqing.matters.views.categories import (
    add_category,
    categories,
    category,
    drop_question,
    put_category_aside,
    question,
    take_category_up,
)
from minqing.matters.views.detail import detail, picture, reporter
from minqing.matters.views.moves import move
from minqing.matters.views.phrases import (
    phrase_drop,
    phrase_list,
    phrases_here,
)
from minqing.matters.views.printing import sheet, slip, slips
from minqing.matters.views.similar import alike, similar, together
from minqing.matters.views.taking_in import new, receipt
from minqing.matters.views.wall import wall

__all__ = [
    "add_category",
    "alike",
    "categories",
    "category",
    "detail",
    "drop_question",
    "move",
    "new",
    "phrase_drop",
    "phrase_list",
    "phrases_here",
    "picture",
    "put_category_aside",
    "question",
    "receipt",
    "reporter",
    "sheet",
    "similar",
    "slip",
    "slips",
    "take_category_up",
    "together",
    "waiting",
    "wall",
]
