from __future__ import annotations

from django.urls import path

from minqing.administration.views import areas, changes, passwords, people, tables, units

app_name = "administration"
urlpatterns = [
    path("areas/", areas.areas, name="areas"),
    path("areas/add/", areas.add, name="add_city"),
    path("areas/<int:area_id>/", areas.area, name="area"),
    path("areas/<int:area_id>/add/", areas.add, name="add_area"),
    path("areas/<int:area_id>/rename/", areas.rename, name="rename_area"),
    path("areas/<int:area_id>/move/", areas.move, name="move_area"),
    path("areas/<int:area_id>/merge/", areas.merge, name="merge_area"),
    path("areas/changes/<uuid:change_id>/", changes.change, name="change"),
    path("areas/changes/<uuid:change_id>/undo/", changes.undo, name="undo_change"),
    path("areas/<int:area_id>/close/", areas.close, name="close_area"),
    path("areas/<int:area_id>/reopen/", areas.reopen, name="reopen_area"),
    path("units/", units.units, name="units"),
    path("units/add/", units.add, name="add_unit"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/close/", units.close, name="close_unit"),
    path("units/<int:unit_id>/reopen/", units.reopen, name="reopen_unit"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/passwords/", passwords.passwords, name="passwords"),
    path("people/<uuid:account_id>/", people.person, name="person"),
    path("people/<uuid:account_id>/change/", people.change, name="change_person"),
    path("people/<uuid:account_id>/posts/add/", people.give_post, name="give_post"),
    path("people/<uuid:account_id>/off/", people.switch_off, name="switch_off"),
    path("people/<uuid:account_id>/on/", people.switch_on, name="switch_on"),
    path("posts/<uuid:post_id>/end/", people.end_post, name="end_post"),
    path("tables/<slug:kind>/", tables.table, name="table"),
    path("areas/table/", tables.table, {"kind": "areas"}, name="areas_table"),
    path("units/table/", tables.table, {"kind": "units"}, name="units_table"),
    path("people/table/", tables.table, {"kind": "staff"}, name="people_table"),
]
