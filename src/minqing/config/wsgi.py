"""The WSGI application that granian serves."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.conf import settings
from django.urls import reverse

from minqing.config.chunked_bodies import with_length
from minqing.config.env import env
from minqing.config.fitting import Fitting
from minqing.config.logs import guard_services
from minqing.config.places import refuse_empty_place
from minqing.config.processes import check_folder, close_to_others, name_connections
from minqing.config.static_files import collect_static
from minqing.core.gc_tuning import tune_gc
from minqing.core.text import syllables
from minqing.web.wsgi import Handler

close_to_others()
# before anything is made there, for another web server than that of `minqing up` too
check_folder(env().var)
if env().embedded:
    refuse_empty_place(env())
# this process came from a command, and answers pages from now on
name_connections("web")
guard_services()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
django.setup(set_prefix=False)
# `minqing up` has done it; behind another server, or in a new folder, nobody has
collect_static(Path(settings.STATIC_ROOT))
application = with_length(Fitting(Handler()))
# what every process that answers would load by itself at its first page
reverse("healthz")
syllables("民情")
tune_gc()
