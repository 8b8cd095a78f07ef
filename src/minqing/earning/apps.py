from __future__ import annotations

from django.apps import AppConfig


class EarningConfig(AppConfig):
    name = "minqing.earning"
