from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("machines", "0003_vend_item")]
    operations = [
        migrations.AddField("machine", "booted_at", models.DateTimeField(null=True)),
        migrations.AddField("machine", "former_strays", models.SmallIntegerField(default=0)),
    ]
