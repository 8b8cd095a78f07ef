"""The life of a publication: prepared by one person, reviewed by another, published, perhaps withdrawn. Pure.

Kept apart from the matter's own lifecycle: what is shown to the public is another text with another life.
"""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.publications.enums import Act, Stage

# a text that changes after the review is a draft again
PUBLICATION: Final = Lifecycle[Stage, Act](
    {
        (None, Act.PREPARE): Stage.DRAFT,
        (Stage.DRAFT, Act.PREPARE): Stage.DRAFT,
        (Stage.DRAFT, Act.REVIEW): Stage.REVIEWED,
        (Stage.DRAFT, Act.WITHDRAW): Stage.WITHDRAWN,
        (Stage.REVIEWED, Act.PREPARE): Stage.DRAFT,
        (Stage.REVIEWED, Act.PUBLISH): Stage.PUBLISHED,
        (Stage.REVIEWED, Act.WITHDRAW): Stage.WITHDRAWN,
        (Stage.PUBLISHED, Act.WITHDRAW): Stage.WITHDRAWN,
        (Stage.WITHDRAWN, Act.PREPARE): Stage.DRAFT,
    }
)
