from __future__ import annotations

from django.apps import AppConfig


class LocalNamesConfig(AppConfig):
    name = "minqing.localnames"
