from __future__ import annotations

from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "minqing.listing"
