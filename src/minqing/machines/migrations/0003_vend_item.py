"""An exchange knows the item that it was of: the slot may be filled with another one by the end of the month."""

import django.db.models.deletion
from django.db import migrations, models

# what is in the slot now, and else what of the machine's catalogue has this name and price and is alone in that
KNOWN = """
    UPDATE machines_vend v SET item_id = s.item_id
    FROM machines_slot s JOIN redeeming_item i ON i.id = s.item_id
    WHERE s.id = v.slot_id AND i.name = v.name AND i.price = v.price
"""
ALONE = """
    UPDATE machines_vend v SET item_id = found.id
    FROM (
        SELECT name, price, min(id::text)::uuid AS id FROM redeeming_item GROUP BY name, price HAVING count(*) = 1
    ) AS found
    WHERE v.item_id IS NULL AND found.name = v.name AND found.price = v.price
"""


class Migration(migrations.Migration):
    dependencies = [("machines", "0002_items"), ("redeeming", "0003_closing_words")]

    operations = [
        migrations.AddField(
            model_name="vend",
            name="item",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="redeeming.item"
            ),
        ),
        # the key's triggers are over before its index is made
        migrations.RunSQL([KNOWN, ALONE, "SET CONSTRAINTS ALL IMMEDIATE"], migrations.RunSQL.noop),
    ]
