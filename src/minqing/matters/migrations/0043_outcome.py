"""How it went, as the unit says. Of what was answered before nobody said: it stays empty, and is not made up."""

from __future__ import annotations

from django.db import migrations, models


def outcome() -> models.Field:
    return models.CharField(blank=True, db_default="", default="", max_length=8)


def note() -> models.Field:
    return models.TextField(blank=True, db_default="", default="")


class Migration(migrations.Migration):
    dependencies = [("matters", "0042_handler_indexes")]
    operations = [
        migrations.AddField(model_name=model, name=name, field=field())
        for model in ("matter", "part")
        for name, field in (("outcome", outcome), ("outcome_note", note))
    ]
