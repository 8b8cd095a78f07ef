from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class OperatorAdmin(AdminConfig):
    default_site = "minqing.config.admin.OperatorSite"
