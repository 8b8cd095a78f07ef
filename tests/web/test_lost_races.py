"""A page whose transaction lost a race is made once more, with all that was sent."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import resolve

from minqing.web.middleware import may_be_read_again


def test_every_photo_of_a_field_is_read_from_its_beginning_again() -> None:
    photos = [SimpleUploadedFile(f"{number}.jpg", b"picture", "image/jpeg") for number in range(3)]
    request = RequestFactory().post("/households/", {"photos": photos, "text": "x"})
    request.resolver_match = resolve("/households/")
    sent = request.FILES.getlist("photos")
    assert [one.read() for one in sent] == [b"picture"] * 3
    assert may_be_read_again(request)
    assert [one.read() for one in sent] == [b"picture"] * 3
