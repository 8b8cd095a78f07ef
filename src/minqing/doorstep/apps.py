from __future__ import annotations

from django.apps import AppConfig


class DoorstepConfig(AppConfig):
    name = "minqing.doorstep"
