"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from minqing.config.logs import guard_services
from minqing.core.collecting import collect_seldom

guard_services()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
application = get_wsgi_application()
collect_seldom()
