"""Static files, put where they are served from: by ``minqing up``, and by any web server that finds them lacking."""

from __future__ import annotations

import hashlib
from pathlib import Path

from minqing.config.locks import file_lock


def collect_static(folder: Path) -> None:
    """Put the static files where they are served from, unless they are the same as last time.

    Of several processes that begin together one does it, and the others wait: a page without its style is no page.
    """
    from django.core.management import call_command

    from minqing.web.storage import UNUSED

    stamp, now = folder / ".collected", static_fingerprint()
    if collected(stamp, now):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with file_lock(folder.with_name(f"{folder.name}.lock")):
        if not collected(stamp, now):
            call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=[*UNUSED])
            stamp.write_text(now)


def collected(stamp: Path, now: str) -> bool:
    return stamp.exists() and stamp.read_text() == now


def static_fingerprint() -> str:
    """Changes with every file that belongs to the pages."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            told = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{told.st_size}\0{told.st_mtime_ns}\n".encode())
    return digest.hexdigest()
