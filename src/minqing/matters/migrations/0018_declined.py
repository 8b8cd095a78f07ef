from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("matters", "0017_relays")]

    operations = [
        migrations.AddField(
            model_name="confirmation",
            name="declined",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                name="declined_says_nothing",
                condition=Q(declined=False) | Q(answered__isnull=True, solved__isnull=True, satisfaction__isnull=True),
            ),
        ),
    ]
