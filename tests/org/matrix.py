"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.org import services as org
from tests.architecture.matrix import ANYONE, EVERYONE, Line
from tests.architecture.reasons import OF_ACCOUNTS, ONE_ROW, RUNS_ALONE

LINES = {
    "org:me": Line(EVERYONE),
    "org:here": Line(ANYONE),
    "org:choose_post": Line(EVERYONE, post=True, ok=409),
}
BY_OTHER_WAYS = {
    "org:here": "a position, asked for by the map's script",
}
TOLD_BY = {
    "org.services.changes.merge_areas": "org.area.merged",
    "org.services.changes.undo_change": "org.area.change_undone",
    "org.services.changes.noted": "org.area.merged",
    "org.services.changes.hand_posts": "org.area.merged",
    "org.services.changes.put_organisation_back": "org.area.change_undone",
    "org.services.changes.taken_along": "org.area.merge_finished",
    "org.services.changes.put_back": "org.area.undo_finished",
    "org.services.areas.save_area": "org.{thing}.{outcome}",
    "org.services.areas.save_unit": "org.{thing}.{outcome}",
    "org.services.areas.settle_boundary": "org.{thing}.{outcome}",
    "org.services.areas.settle_path": "org.{thing}.{outcome}",
    "org.services.days.set_work_day": "org.{thing}.{outcome}",
    "org.services.people.save_account": "org.{thing}.{outcome}",
    "org.services.people.save_post": "org.{thing}.{outcome}",
}
LOCKED = {
    "org.services.staff.change_person": ONE_ROW,
    "org.services.staff.switch_off_account": ONE_ROW,
    "org.services.staff.switch_on_account": ONE_ROW,
    "org.services.staff.give_start_passwords": "accounts in the order of their ids",
    "org.services.units.close_unit": ONE_ROW,
    "org.services.units.reopen_unit": ONE_ROW,
    "org.services.areas.lock_tree": "the root of the tree before any area",
    "org.services.areas.settle_path": "under the lock of the tree",
    "org.services.tree.add_area": "the lock of the tree",
    "org.services.tree.rename_area": ONE_ROW,
    "org.services.tree.move_area": "the lock of the tree",
    "org.services.changes.merge_areas": "the lock of the tree, then the areas, units and posts in it",
    "org.services.changes.undo_change": "the lock of the tree, then the change",
    "org.services.changes.hang": "under the lock of the tree",
    "org.services.changes.hand_posts": "under the lock of the tree",
    "org.services.changes.put_organisation_back": "under the lock of the tree",
    "org.services.changes.carry_on": "the change, then the rows of one batch in the order of their ids",
    "org.services.changes.taken_along": "under the lock of the change",
    "org.services.changes.put_back": "under the lock of the change",
    "org.services.changes.take": "under the lock of the change",
    "org.services.tree.close_area": "the lock of the tree",
    "org.services.tree.reopen_area": "the lock of the tree",
    "org.services.people.choose_language": ONE_ROW,
    "org.services.upsert.upsert": ONE_ROW,
    "org.services.people.end_post": ONE_ROW,
}
UNPAIRED = {
    "org.services.days.load_work_days": RUNS_ALONE,
}
INSIDE = {
    "org.services.changes.carry_on",
    "org.services.days.load_work_days",
}
UNSEEN = {
    "account_logout": "one's own",
}
EXEMPT = {
    "account_login": "allauth's: tests/org/test_sign_in.py",
    "account_logout": "allauth's: tests/org/test_sign_in.py",
    "account_change_password": "allauth's: tests/org/test_sign_in.py",
}
ALONE = {org.choose_language: lambda stage: {"account": stage.cast.account("cadre"), "language": "en"}}
UNERASED = {
    "org.Account": dict.fromkeys(("phone", "phone_index", "made_at", "last_login", "password"), OF_ACCOUNTS),
}
