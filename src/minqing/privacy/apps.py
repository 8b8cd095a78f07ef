from __future__ import annotations

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class PrivacyConfig(AppConfig):
    name = "minqing.privacy"

    def ready(self) -> None:
        from minqing.privacy.grants import after_migrate

        # sent once for each app that has tables, after all of them are made: one is enough
        post_migrate.connect(after_migrate, sender=apps.get_app_config("journal"))
