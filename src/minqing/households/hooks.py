"""A moment at which rooms above join in: a file is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from minqing.core.hooks import Hook

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# what still hangs on the household of that id and has to go elsewhere first, in a sentence; None for nothing
closing: Hook[[UUID], StrOrPromise | None] = Hook("households.closing")
