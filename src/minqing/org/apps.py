from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    name = "minqing.org"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        """Tell the rooms below that work for people and posts who they are."""
        from minqing.intake.kinds import register_actors
        from minqing.notify.queries.recipients import register_directory
        from minqing.org.imports import actor_for
        from minqing.org.notifications import people
        from minqing.org.queries import area_names

        register_actors(actor_for)
        register_directory(people=people, places=area_names)
