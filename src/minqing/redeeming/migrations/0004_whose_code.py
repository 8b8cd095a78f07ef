import django.db.models.deletion
from django.db import migrations, models


def account() -> models.ForeignKey:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="points.account"
    )


class Migration(migrations.Migration):
    dependencies = [("redeeming", "0003_closing_words"), ("points", "0010_past")]
    operations = [
        migrations.AddField("showncode", "person", account()),
        migrations.AddField("showncode", "most", models.PositiveIntegerField(null=True)),
        migrations.AddField("sale", "person", account()),
    ]
