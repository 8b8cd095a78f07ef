from __future__ import annotations

from django.urls import path

from minqing.administration.views import areas, units

app_name = "administration"
urlpatterns = [
    path("areas/", areas.areas, name="areas"),
    path("areas/add/", areas.add, name="add_city"),
    path("areas/<int:area_id>/", areas.area, name="area"),
    path("areas/<int:area_id>/add/", areas.add, name="add_area"),
    path("areas/<int:area_id>/rename/", areas.rename, name="rename_area"),
    path("areas/<int:area_id>/move/", areas.move, name="move_area"),
    path("areas/<int:area_id>/close/", areas.close, name="close_area"),
    path("areas/<int:area_id>/reopen/", areas.reopen, name="reopen_area"),
    path("units/", units.units, name="units"),
    path("units/add/", units.add, name="add_unit"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/close/", units.close, name="close_unit"),
    path("units/<int:unit_id>/reopen/", units.reopen, name="reopen_unit"),
]
