import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("machines", "0004_booted_at"), ("points", "0010_past")]
    operations = [
        migrations.AddField(
            "vend",
            "person",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="points.account"
            ),
        )
    ]
