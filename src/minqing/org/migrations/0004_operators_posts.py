from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

from minqing.core.ids import new_id


def give_posts(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A flag that gave the operator's room without a post becomes a post; where a post has ended it is gone with it."""
    rows = {
        name: apps.get_model(*name.split(".")).objects.using(editor.connection.alias)
        for name in ("org.Account", "org.Post", "journal.Event")
    }
    ever = rows["org.Post"].filter(role="operator").values("account_id")
    for account in rows["org.Account"].filter(is_staff=True, is_active=True).exclude(pk__in=ever).order_by("pk"):
        post = rows["org.Post"].create(pk=new_id(), account=account, role="operator", since=timezone.localdate())
        rows["journal.Event"].create(
            pk=new_id(),
            type="org.post.created",
            source="/minqing",
            subject=f"post:{post.pk}",
            at=timezone.now(),
            actor="system:minqing migrate",
            data={"fields": [], "account": str(account.pk), "unit": None, "area": None, "role": "operator"},
        )


class Migration(migrations.Migration):
    dependencies = [("org", "0003_editions"), ("journal", "0002_append_only")]
    operations = [
        migrations.AlterField(
            model_name="post",
            name="area",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="org.area",
                verbose_name="Area",
            ),
        ),
        migrations.AlterField(
            model_name="post",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="org.unit",
                verbose_name="Unit",
            ),
        ),
        migrations.RemoveConstraint(model_name="post", name="post_held_once"),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("account", "unit", "area", "role"),
                name="post_held_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role", "operator"),
                    models.Q(("area__isnull", False), ("unit__isnull", False)),
                    _connector="OR",
                ),
                name="post_in_a_place",
            ),
        ),
        migrations.RunPython(give_posts, migrations.RunPython.noop),
    ]
