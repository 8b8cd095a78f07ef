"""Writing of what there is for points, of shops, and of what is had there."""

from minqing.redeeming.services.catalogue import add_item, change_item
from minqing.redeeming.services.papers import note_paper, settle_difference
from minqing.redeeming.services.sales import give_back, person_lock, sell, show_code
from minqing.redeeming.services.shops import change_keepers, close_shop, open_shop, stock_shop

__all__ = [
    "add_item",
    "change_item",
    "change_keepers",
    "close_shop",
    "give_back",
    "note_paper",
    "open_shop",
    "person_lock",
    "sell",
    "settle_difference",
    "show_code",
    "stock_shop",
]
