"""Photos that come after what names them, piece by piece."""

import django.db.models.deletion
from django.db import migrations, models

import minqing.core.ids
import minqing.privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0007_without_admin"),
        ("sync", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("thing", models.CharField(max_length=60)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("arrival", models.CharField(default="owed", max_length=12)),
                ("told", models.CharField(blank=True, max_length=300)),
                ("named_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.area"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sync.device"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="sync.entry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhotoPiece",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=minqing.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("offset", models.PositiveIntegerField()),
                ("data", minqing.privacy.fields.EncryptedTextField()),
                (
                    "photo",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="sync.photo",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["thing"], name="sync_photos_of_thing"),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("arrival", "received"), _negated=True),
                fields=["device", "id"],
                name="sync_photos_to_come",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("arrival", "received"), _negated=True), fields=["area"], name="sync_photos_of_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.UniqueConstraint(fields=("entry", "sha256"), name="sync_photo_once"),
        ),
        migrations.AddConstraint(
            model_name="photopiece",
            constraint=models.UniqueConstraint(fields=("photo", "offset"), name="sync_piece_once"),
        ),
    ]
