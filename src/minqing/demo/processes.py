"""Processes that load townships beside one another. Imported before Django is ready: nothing here may need a model."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django
from django.db import connection

from minqing.core.gc_tuning import tune_gc


def pool(processes: int) -> ProcessPoolExecutor:
    """As many as there are processors for 0. New ones and no copies: a copy would share its parent's connections."""
    # those this process may use, where the system tells
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ProcessPoolExecutor(processes or own, mp_context=get_context("spawn"), initializer=set_up_process)


def set_up_process() -> None:
    django.setup(set_prefix=False)
    tune_gc()
    # a power cut loses the newest of a load, which is begun anew after it anyway
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
