from __future__ import annotations

from django.urls import path

from minqing.households.lists import DUPLICATES, HOUSEHOLDS
from minqing.households.views import duplicates, editing, file, finding, moves, plates, tag_upkeep, tags
from minqing.listing.views import list_page

app_name = "households"
urlpatterns = [
    path("", list_page(HOUSEHOLDS), name="list"),
    path("search/", finding.search, name="search"),
    path("scan/", finding.scan, name="scan"),
    path("scan/open/", finding.typed, name="typed"),
    path("scan/open/<str:token>/", finding.opened, name="opened"),
    path("plates/", plates.index, name="plates"),
    path("plates/sheet.pdf", plates.sheet, name="plates_pdf"),
    path("new/", editing.add, name="add"),
    path("twice/", list_page(DUPLICATES), name="duplicates"),
    path("twice/<uuid:duplicate_id>/", duplicates.duplicate, name="duplicate"),
    path("twice/<uuid:duplicate_id>/undo/", duplicates.take_back, name="duplicate_undo"),
    path("move/", moves.move, name="move"),
    path("moves/<uuid:together>/", moves.moved, name="moved"),
    path("moves/<uuid:together>/undo/", moves.take_back, name="move_undo"),
    path("<uuid:household_id>/", file.file, name="file"),
    path("<uuid:household_id>/edit/", editing.edit, name="edit"),
    path("<uuid:household_id>/close/", editing.close, name="close"),
    path("<uuid:household_id>/people/new/", editing.add_person, name="person_add"),
    path("<uuid:household_id>/code/", plates.code, name="code"),
    path("<uuid:household_id>/tags/", tags.grant, name="tags"),
    path("people/<uuid:resident_id>/", editing.edit_person, name="person"),
    path("people/<uuid:resident_id>/move/", moves.move_person, name="person_move"),
    path("people/<uuid:resident_id>/leave/", editing.person_left, name="person_left"),
    path("people/<uuid:resident_id>/reveal/", finding.reveal, name="reveal"),
    path("tags/<uuid:grant_id>/revoke/", tags.revoke, name="tag_revoke"),
    path("tags/", tag_upkeep.kept, name="kept_tags"),
    path("tags/new/", tag_upkeep.add, name="kept_add"),
    path("tags/<str:code>/", tag_upkeep.kept_tag, name="kept_tag"),
    path("tags/<str:code>/aside/", tag_upkeep.put_aside, name="kept_aside"),
    path("tags/<str:code>/up/", tag_upkeep.take_up, name="kept_up"),
]
