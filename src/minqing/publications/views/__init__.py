"""Pages of what the public reads, as those see them who write it."""

from minqing.publications.views.figures import figures, figures_state
from minqing.publications.views.texts import act, text, waiting

__all__ = ["act", "figures", "figures_state", "text", "waiting"]
