from __future__ import annotations

from django.apps import AppConfig


class RedeemingConfig(AppConfig):
    name = "minqing.redeeming"
