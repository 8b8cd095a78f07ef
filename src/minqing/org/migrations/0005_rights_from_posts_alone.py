from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("org", "0004_operators_posts")]
    operations = [
        migrations.AlterModelManagers(name="account", managers=[]),
        *(
            migrations.RemoveField(model_name="account", name=name)
            for name in ("groups", "user_permissions", "is_superuser", "is_staff")
        ),
    ]
