"""What this room adds to the made-up county."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.org.queries import top_area
from minqing.partners.demo import Partners
from minqing.partners.models import Endpoint
from tests.cast import Cast
from tests.partners.conftest import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_trial_lets_another_system_hear_of_every_matter_of_the_county(cast: Cast, settings: Any) -> None:
    settings.OUTGOING_NETWORKS = ["127.0.0.1/32"]
    Partners.connect("http://127.0.0.1:9/", by=SYSTEM)
    endpoint = Endpoint.objects.get()
    assert (endpoint.url, endpoint.types) == ("http://127.0.0.1:9/", ["cn.minqing.matter.*"])
    assert endpoint.partner.area == top_area()
