"""Nights are called nights in the admin."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0001_employers"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="nightsummary",
            options={"verbose_name": "night", "verbose_name_plural": "nights"},
        ),
    ]
