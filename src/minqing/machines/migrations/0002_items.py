"""What is in a slot is an item of the catalogue, which has the one name and price."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def into_catalogue(apps: Any, editor: Any) -> None:
    """Each slot gets the item of that name and price that its place offers; where there is none, it is added."""
    # the app's own connection would wait for what this one has locked
    owner = editor.connection.alias
    items = apps.get_model("redeeming", "Item").objects.using(owner)
    slots = apps.get_model("machines", "Slot").objects.using(owner)
    now = timezone.now()
    for slot in slots.select_related("machine__area"):
        above = [int(part) for part in slot.machine.area.path.split(".") if part]
        same = {"kind": "good", "name": slot.name, "price": slot.price}
        item = items.filter(area__in=above, active=True, **same).order_by("pk").first()
        item = item or items.create(area=slot.machine.area, added_at=now, changed_at=now, **same)
        slots.filter(pk=slot.pk).update(item=item)


def out_of_catalogue(apps: Any, editor: Any) -> None:
    slots = apps.get_model("machines", "Slot").objects.using(editor.connection.alias)
    for slot in slots.select_related("item"):
        slots.filter(pk=slot.pk).update(name=slot.item.name, price=slot.item.price)


class Migration(migrations.Migration):
    dependencies = [("machines", "0001_initial"), ("redeeming", "0002_shops")]

    operations = [
        migrations.AddField(
            "slot",
            "item",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="redeeming.item"
            ),
        ),
        migrations.AddField("slot", "low_told_at", models.DateTimeField(null=True)),
        # so that the way back can fill them
        migrations.AlterField("slot", "name", models.CharField(max_length=40, null=True)),
        migrations.AlterField("slot", "price", models.PositiveIntegerField(null=True)),
        migrations.RunPython(into_catalogue, out_of_catalogue),
        # the key's triggers are over before the column is changed
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.AlterField(
            "slot",
            "item",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="redeeming.item"),
        ),
        migrations.RemoveConstraint("slot", "machines_slot_price"),
        migrations.RemoveField("slot", "name"),
        migrations.RemoveField("slot", "price"),
    ]
