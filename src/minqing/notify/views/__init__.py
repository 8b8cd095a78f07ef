"""Pages of notices: one's own, and the operator's of what carries them out of the house."""

from __future__ import annotations

from minqing.notify.views.channels import again, channel, channels
from minqing.notify.views.own import bell, choices, notice_list, open_notice, read_all

__all__ = ["again", "bell", "channel", "channels", "choices", "notice_list", "open_notice", "read_all"]
