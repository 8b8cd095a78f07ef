"""Checks that need the whole project: settings, migrations, documents. Part of ``make check``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import faults

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
# what must never be published: folders of one machine, addresses of a package registry; put together here, so that
# this file does not carry them itself
FOLDERS = [f"/{name}/" for name in ("root", "work")] + [f"/{name}/\\w" for name in ("home", "Users")]
HOSTS = [r"\.".join(parts) for parts in (("files", "pythonhosted"), ("registry", "npmjs"), ("pypi", "org/simple"))]
PRIVATE = re.compile("|".join(FOLDERS + HOSTS))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def broken_links() -> list[str]:
    """Relative links in documents that lead nowhere."""
    return [
        f"{path.relative_to(ROOT)}: no such file: {target}"
        for path in tracked()
        if path.suffix == ".md" and path.exists()
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]


def private_words() -> list[str]:
    """Lines that name a machine's folder or a registry's address."""
    found = []
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if not path.exists():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), 1)
        found += [f"{name}:{number}: {line.strip()[:80]}" for number, line in lines if PRIVATE.search(line)]
    return found


def django_checks() -> None:
    """System checks and migrations, against the tests' database server."""
    sys.path.insert(0, str(ROOT))
    import tests.embedded as plugin  # sets the environment and starts the server

    os.environ["MINQING_DB_NAME"] = "mq_check"
    os.environ["DJANGO_SETTINGS_MODULE"] = "minqing.config.settings"
    plugin.embedded.ensure_database(plugin.SOCKET, "mq_check")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True)


def main() -> int:
    problems = broken_links() + private_words() + faults.problems()
    for problem in problems:
        sys.stderr.write(problem + "\n")
    django_checks()
    reference = subprocess.run([sys.executable, str(ROOT / "tools" / "reference.py"), "check"], cwd=ROOT, check=False)
    return 1 if problems or reference.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
