from __future__ import annotations

from django.contrib.admin.apps import SimpleAdminConfig


class OperatorAdmin(SimpleAdminConfig):
    """The admin without autodiscovery: other packages would bring their own tables into it."""

    default_site = "minqing.config.admin.OperatorSite"

    def ready(self) -> None:
        super().ready()
        import minqing.org.admin
        import minqing.partners.admin  # noqa: F401  # each registers the tables that the operator keeps
