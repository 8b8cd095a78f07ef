from __future__ import annotations

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig

from minqing.config.rooms import rooms


class OperatorAdmin(SimpleAdminConfig):
    """The admin without autodiscovery: other packages would bring their own tables into it."""

    default_site = "minqing.config.admin.OperatorSite"

    def ready(self) -> None:
        super().ready()
        for room in rooms():
            if room.admin:
                import_module(room.admin)
