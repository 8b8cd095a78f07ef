"""Writing what the public reads."""

from minqing.publications.services.figures import ask_figures, publish_figures
from minqing.publications.services.texts import (
    index_publications,
    prepare_publication,
    publish,
    review_publication,
    withdraw_publication,
    withdraw_publication_of,
)

__all__ = [
    "ask_figures",
    "index_publications",
    "prepare_publication",
    "publish",
    "publish_figures",
    "review_publication",
    "withdraw_publication",
    "withdraw_publication_of",
]
