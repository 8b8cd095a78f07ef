from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0003_phone_shown")]

    operations = [
        migrations.RemoveConstraint(model_name="request", name="rights_four_eyes"),
        # what was decided before stays as it was
        AddConstraintNotValid(
            model_name="request",
            constraint=models.CheckConstraint(
                name="rights_four_eyes",
                condition=~models.Q(kind__in=["copy", "delete", "object", "withdraw"])
                | models.Q(checked_by=None)
                | models.Q(decided_by=None)
                | ~models.Q(checked_by=models.F("decided_by")),
            ),
        ),
    ]
