from __future__ import annotations

from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "minqing.open311"
