"""Which version of the software this is, as it was installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    try:
        return version("minqing")
    except PackageNotFoundError:
        return "0"
