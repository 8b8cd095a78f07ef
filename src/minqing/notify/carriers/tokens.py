"""Access tokens of WeChat and DingTalk: fetched when needed, kept in this process until shortly before they end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import cache

from minqing.core.ids import digest
from minqing.notify.carriers.base import Misconfigured, NotTaken, Trouble

SPARE_SECONDS = 300
# WeChat lets a new one be forced twenty times a day, and not twice within thirty seconds
FORCED_SECONDS = 75 * 60
# their system, or too many at once
BUSY = frozenset({-1, 45009, 45011, 90002, 90018, "missing"})
Fetch = Callable[[bool], Mapping[str, object]]


class Token:
    """The token of one app. ``fetch(force)`` asks the platform; ``force`` where the one it gave is not accepted."""

    def __init__(self, app: str, fetch: Fetch) -> None:
        # two deployments in one process (tests) must not share one
        self.key, self.fetch = f"notify.token.{digest(app)}", fetch

    def get(self) -> str:
        kept: str | None = cache.get(self.key)
        return kept or self.renew("")

    def renew(self, refused: str) -> str:
        """A token other than ``refused``. The platform's own answer comes first: another worker may have renewed it.

        Where it gives the same again a new one is forced, seldom: each try of each message would use that up at once.
        """
        data = self.asked(False)
        if refused and data.get("access_token") == refused:
            if not cache.add(f"{self.key}.forced", True, FORCED_SECONDS):
                raise Misconfigured("token_refused")
            data = self.asked(True)
        token = data.get("access_token")
        if not isinstance(token, str) or not token:
            code = data.get("errcode", "missing")
            raise (NotTaken if code in BUSY else Misconfigured)(f"token_{code}")
        lasts = data.get("expires_in")
        cache.set(self.key, token, max(lasts - SPARE_SECONDS, 60) if isinstance(lasts, int) else 60)
        return token

    def asked(self, force: bool) -> Mapping[str, Any]:
        """Whatever goes wrong here, no message has been sent."""
        try:
            return self.fetch(force)
        except Misconfigured as trouble:
            raise Misconfigured(f"token_{trouble.code}") from None
        except Trouble as trouble:
            raise NotTaken(f"token_{trouble.code}") from None
