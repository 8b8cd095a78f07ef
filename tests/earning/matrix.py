"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.earning.rules import may_change_functions
from minqing.org.enums import FIELD, Role
from tests.architecture.acts import Act
from tests.architecture.matrix import ALL, Line, fixed

READERS = FIELD | {Role.OPERATOR, Role.LEADER, Role.AUDITOR}
# what people are thanked for is the same everywhere
EVERYWHERE = dict.fromkeys(sorted(READERS), ALL)

LINES = {
    "earning:functions": Line(READERS),
    "earning:function": Line(READERS, at=fixed("road_swept"), reach=EVERYWHERE),
    "earning:add_function": Line({Role.OPERATOR}),
}
ACTS = {
    "change_function": Act("earning:function", lambda _cast, actor: may_change_functions(actor), shared=True),
    "add_function": Act("earning:add_function", lambda _cast, actor: may_change_functions(actor)),
}
WITHOUT_PAGE = {"load_functions": "the reference data of an upgrade"}
ADDS = {"NewFunctionForm"}
BY_SERVICE = {"earning.forms.functions.NewFunctionForm": "earning.services.functions.add_function"}
LOCKED = {
    "earning.services.functions.next_version": "versions of functions, under their one name",
}
TOLD_BY = {
    "earning.services.functions.next_version": "earning.function.changed",
}
INSIDE = {"earning.services.functions.load_functions"}
