"""Static files under names that carry their hash, so that a browser may keep them for ever."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from whitenoise.storage import CompressedManifestStaticFilesStorage

# what packages bring and no page asks for
UNUSED: Final = ("django_htmx/ext/*", "django_htmx/htmax-*", "django_htmx/htmx-4*", "django_htmx/htmx-2.js")


class HashedStatic(CompressedManifestStaticFilesStorage):
    """A file without an entry keeps its plain name: no error page fails over a missing style sheet."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Each content once: most lie here under two names, and to compress one takes up to five seconds."""
        alike: dict[bytes, list[str]] = {}
        for path in sorted(paths):
            alike.setdefault(sha256(Path(self.path(path)).read_bytes()).digest(), []).append(path)
        others = {first: rest for first, *rest in alike.values()}
        for name, compressed in super().compress_files(others):
            yield name, compressed
            for other in others[name]:
                copied = other + compressed.removeprefix(name)
                # with its time, by which a browser asks whether there is anything new
                shutil.copy2(self.path(compressed), self.path(copied))
                yield other, copied
