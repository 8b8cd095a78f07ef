"""The composition root's own sentences in the operator's language; see ``core/language.py``."""

from __future__ import annotations

from minqing.core.language import N_, language, sentences

__all__ = ["N_", "_", "language"]

_ = sentences(__name__)
