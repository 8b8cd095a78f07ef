"""A worker that delivers once what is due, as a process of its own, to be killed. Its gateway comes by argument."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
django.setup()

from django.conf import settings  # noqa: E402  # after set-up

from minqing.notify.services import deliver_due  # noqa: E402

if __name__ == "__main__":
    settings.ORIGIN = "https://minqing.county.example"
    settings.NOTIFY = settings.NOTIFY | json.loads(sys.argv[1])
    deliver_due()
