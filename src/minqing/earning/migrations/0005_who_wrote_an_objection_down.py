import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("earning", "0004_appeals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="appealed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint(model_name="claim", name="earning_looked_again"),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                name="earning_looked_again",
                condition=Q(state="appealed")
                | Q(decided_by=None)
                | (Q(refused_by=None) | ~Q(refused_by=F("decided_by")))
                & (Q(appealed_by=None) | ~Q(appealed_by=F("decided_by"))),
            ),
        ),
    ]
