"""Addresses of Open311: each resource may end in the name of its format, and in a slash."""

from __future__ import annotations

from django.urls import path, re_path

from minqing.open311 import views

FORM = r"(?:\.(?P<form>xml|json))?/?$"
# clients put an address that ends in a slash before one that begins with it
ROOT = r"^v2/+"
app_name = "open311"
urlpatterns = [
    re_path(r"^(?:v2/+)?discovery" + FORM, views.discovery, name="discovery"),
    re_path(ROOT + r"services" + FORM, views.service_list, name="services"),
    re_path(ROOT + r"services/(?P<code>.*?)" + FORM, views.definition, name="definition"),
    re_path(ROOT + r"requests" + FORM, views.requests, name="requests"),
    re_path(ROOT + r"requests/(?P<numbers>.*?)" + FORM, views.request, name="request"),
    re_path(ROOT + r"servicerequestupdates" + FORM, views.updates, name="updates"),
    re_path(ROOT + r"tokens/(?P<text>.*?)" + FORM, views.token, name="token"),
    # /m/: the logs blot out what follows
    path("v2/m/<str:signed>", views.media, name="media"),
    re_path(r"^(?P<rest>.*)$", views.nothing, name="nothing"),
]
