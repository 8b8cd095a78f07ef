from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0030_exports_left")]
    operations = [migrations.AddField("clock", "heard_from", models.DateTimeField(blank=True, null=True))]
