from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("machines", "0005_who_chose")]
    operations = [migrations.AddField("machine", "hinted", models.BooleanField(null=True))]
