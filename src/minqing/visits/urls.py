from __future__ import annotations

from django.urls import path

from minqing.visits import views

app_name = "visits"
urlpatterns = [
    path("", views.list_visits, name="list"),
    path("new/<uuid:household_id>/", views.new_visit, name="new"),
    path("<uuid:visit_id>/", views.show_visit, name="detail"),
    path("pictures/<uuid:picture_id>/<slug:size>/", views.show_picture, name="picture"),
    path("care/", views.care, name="care"),
    path("care/<uuid:assignment_id>/end/", views.end_care, name="end_care"),
]
