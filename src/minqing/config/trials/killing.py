"""Faults that kill processes of the county: its servers, its worker, its database."""

from __future__ import annotations

import contextlib
import time
from random import Random

import psutil

from minqing.config.cluster import alive
from minqing.config.trials.county import County


def kill(processes: list[psutil.Process]) -> None:
    for one in processes:
        with contextlib.suppress(psutil.Error):
            one.kill()


def web_process(county: County, dice: Random) -> None:
    answering = county.web()[1]
    kill([dice.choice(answering)] if answering else [])


def web_processes(county: County, dice: Random) -> None:
    """Both, and what is started instead at once."""
    kill(county.web()[1])
    time.sleep(dice.uniform(0.2, 1.5))
    kill(county.web()[1])


def web_server(county: County, dice: Random) -> None:
    kill(county.web()[0])


def loader(county: County, dice: Random) -> None:
    """What web server and worker are made of: they go with it."""
    kill(county.named("minqing-loader"))


def worker(county: County, dice: Random) -> None:
    kill(county.named("minqing-worker"))


def postmaster(county: County, dice: Random) -> None:
    kill([one] if (one := county.postmaster()) else [])


def backend(county: County, dice: Random) -> None:
    found = county.postmaster()
    backends = [one for one in found.children() if alive(one)] if found else []
    kill([dice.choice(backends)] if backends else [])


def all_at_once(county: County, dice: Random) -> None:
    kill([*county.children(), *([one] if (one := county.postmaster()) else [])])
