"""Static files under names that carry their hash, so that a browser may keep them for ever."""

from __future__ import annotations

from functools import cached_property

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """A file without an entry keeps its plain name: no error page fails over a missing style sheet."""

    manifest_strict = False

    @cached_property
    def known(self) -> dict[str, str]:
        """Addresses: a page names five files, and each would be looked up and quoted anew."""
        return {}

    def url(self, name: str, force: bool = False) -> str:
        if name not in self.known:
            self.known[name] = str(super().url(name, force))
        return self.known[name]

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
