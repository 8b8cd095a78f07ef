from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("org", "0005_rights_from_posts_alone")]
    operations = [
        migrations.AddField(
            model_name="account",
            name="must_change_password",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
