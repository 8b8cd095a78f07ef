"""Who asks, in one statement: the account of a session, the posts it holds today, and the versions of cached tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib.auth.backends import ModelBackend
from django.db import connection
from django.db.models import Model

from minqing.core import clock
from minqing.core.cache_version import STAMPS
from minqing.org.models import Account, Area, Post, Unit
from minqing.org.queries import first_to_act_in

Row = TypeVar("Row", bound=Model)
# what pages read of them; anything else costs a query when it is asked for
COLUMNS: Final[Mapping[type[Model], tuple[str, ...]]] = {
    Account: ("id", "username", "name", "password", "language", "is_active", "must_change_password"),
    Post: ("id", "account_id", "unit_id", "area_id", "role", "title", "since", "until"),
    Unit: ("id", "code", "name", "kind", "area_id"),
    Area: ("id", "code", "name", "level", "path"),
}


def columns(model: type[Model]) -> str:
    """``org_post.id, org_post.account_id, …``"""
    return ", ".join(f"{model._meta.db_table}.{name}" for name in COLUMNS[model])


def array(model: type[Model]) -> str:
    return f"json_build_array({columns(model)})"


# names out of the models alone
ACCOUNT_CONTEXT: Final = f"""
    SELECT {columns(Account)}, {STAMPS}, (
        SELECT json_agg(json_build_array({array(Post)}, {array(Unit)}, {array(Area)}))
        FROM org_post LEFT JOIN org_unit ON org_unit.id = unit_id LEFT JOIN org_area ON org_area.id = org_post.area_id
        WHERE account_id = org_account.id AND since <= %(today)s AND (until IS NULL OR until >= %(today)s))
    FROM org_account WHERE id = %(id)s
"""  # noqa: S608


@dataclass(frozen=True)
class AccountContext:
    """The posts of an account today, the default one first, and the versions of cached tables in that snapshot."""

    posts: list[Post]
    versions: Mapping[str, str]


class AccountContextBackend(ModelBackend):
    """Django's own, whose accounts bring their :class:`AccountContext` along. It is read anew for each request."""

    def get_user(self, user_id: Any) -> Account | None:
        with connection.cursor() as cursor:
            cursor.execute(ACCOUNT_CONTEXT, {"id": user_id, "today": clock.today()})
            row = cursor.fetchone()
        if row is None:
            return None
        *values, editions, held = row
        account = loaded(Account, values)
        if not self.user_can_authenticate(account):
            return None
        account.context = AccountContext(first_to_act_in(post_of(*one) for one in held or ()), editions)
        return account


def post_of(post: list[object], unit: list[object], area: list[object]) -> Post:
    made = loaded(Post, post)
    # an operator's post may be in no place
    if made.unit_id is not None:
        made.unit = loaded(Unit, unit)
    if made.area_id is not None:
        made.area = loaded(Area, area)
    return made


def loaded(model: type[Row], values: list[Any]) -> Row:
    """The row as if the ORM had read :data:`COLUMNS` of it; out of JSON, days and ids come as text."""
    given = dict(zip(COLUMNS[model], values, strict=True))
    fields = [field for field in model._meta.concrete_fields if field.attname in given]
    names = [field.attname for field in fields]
    return model.from_db(connection.alias, names, [field.to_python(given[field.attname]) for field in fields])
