"""Who in a unit has a matter, or its part of one. Of what is there already nobody knows: nobody."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HANDLER = models.ForeignKey(
    blank=True,
    db_index=False,
    null=True,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
    to=settings.AUTH_USER_MODEL,
)


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0040_filters_left"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(model_name="matter", name="handler", field=HANDLER),
        migrations.AddField(model_name="part", name="handler", field=HANDLER.clone()),
    ]
