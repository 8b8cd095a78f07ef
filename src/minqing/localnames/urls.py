from __future__ import annotations

from django.urls import path

from minqing.localnames import views

app_name = "localnames"
urlpatterns = [path("", views.names, name="names")]
