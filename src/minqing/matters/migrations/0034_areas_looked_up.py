"""The areas of matters are looked up behind the wall: searched through, those of a county cost a row 5 µs."""

from django.db import migrations

from minqing.privacy.rls import IN_AREAS, OPENS_CONFIDENTIAL, in_any_unit, in_units, is_setting, looked_up

# as 0014_sender has it
OTHERS = f"{in_units('lead_unit_id')} OR {is_setting('ticket', 'ticket')} OR {in_any_unit('supporting')}"
OWN = is_setting("sender", "sender", "uuid")
SEEN = f"({IN_AREAS} AND (NOT confidential OR {OPENS_CONFIDENTIAL} OR {OWN})) OR {OTHERS}"


class Migration(migrations.Migration):
    # a table at a time
    atomic = False
    dependencies = [("matters", "0033_sheets_left")]
    operations = [
        looked_up("matters_matter", SEEN),
        looked_up("matters_routing", f"{IN_AREAS} OR {in_units('chosen_id')}"),
    ]
