"""Django's admin is gone, and with it its log in databases that it was made in: the journal has all that it told."""

from django.db import migrations

GONE = """
    DROP TABLE IF EXISTS django_admin_log;
    DELETE FROM auth_permission USING django_content_type AS kind
    WHERE auth_permission.content_type_id = kind.id AND kind.app_label = 'admin';
    DELETE FROM django_content_type WHERE app_label = 'admin';
    DELETE FROM django_migrations WHERE app = 'admin';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0006_must_change_password"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunSQL(GONE, migrations.RunSQL.noop)]
