"""The life of a publication: prepared by one person, reviewed by another, published, perhaps withdrawn. Pure.

Kept apart from the matter's own lifecycle: what is shown to the public is another text with another life.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from minqing.publications.enums import Act, Stage

# a text that changes after the review is a draft again
TRANSITIONS: Final[Mapping[tuple[Stage | None, Act], Stage]] = {
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


def diagram() -> str:
    """The table as a Mermaid state diagram, for ``docs/reference/lifecycles.md``."""
    lines = [f"    {at or '[*]'} --> {to}: {act}" for (at, act), to in TRANSITIONS.items()]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"
