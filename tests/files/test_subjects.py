"""Files that are called after a person lose the name: those of the place, however the name is written."""

from __future__ import annotations

import io

import pytest

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.models import Attachment
from minqing.files.services import store_picture
from minqing.files.subjects import erase
from minqing.matters.models import Evidence
from minqing.org.models import Area
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from tests.cast import Cast
from tests.files.pictures import jpeg

pytestmark = pytest.mark.django_db


def stored(cast: Cast, name: str, area: Area, width: int) -> None:
    with acting_as(cast.actor("clerk")) as by:
        picture = store_picture(id=new_id(), upload=io.BytesIO(jpeg((width, 300))), name=name, by=by)
    matter = cast.matter(area=area)
    with cast.everything():
        Evidence.objects.create(matter=matter, attachment=Attachment.objects.get(pk=picture.pk))


def test_only_files_of_the_place_lose_the_name(cast: Cast) -> None:
    stored(cast, "何 桂香.jpg", cast.own, 200)
    stored(cast, "何桂香家.jpg", cast.far, 400)
    person = Person(cause="test:1", name="何桂香", areas=frozenset({cast.own.id}))
    with cast.everything() as by:
        assert erase(person=person, by=by, at=clock.now()) == 1
        assert sorted(Attachment.objects.values_list("name", flat=True)) == ["何桂香家.jpg", "某某.jpg"]
