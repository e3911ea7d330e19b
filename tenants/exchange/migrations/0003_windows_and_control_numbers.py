"""Windows of one employer in one file never overlap; our own interchanges are numbered by a sequence."""

import django.contrib.postgres.constraints
from django.db import migrations, models

CONTROL_NUMBER = "CREATE SEQUENCE exchange_control_number MINVALUE 1 MAXVALUE 999999999 CYCLE;"
CONTROL_NUMBER_NOT = "DROP SEQUENCE exchange_control_number;"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_append_only")]

    operations = [
        migrations.RemoveConstraint(model_name="routedpart", name="routed_part_once"),
        migrations.AddConstraint(
            model_name="routedpart",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="routed_part_once",
                expressions=[
                    ("file", "="),
                    ("schema_name", "="),
                    (models.Func("first_ordinal", "last_ordinal", models.Value("[]"), function="int4range"), "&&"),
                ],
            ),
        ),
        migrations.RunSQL(CONTROL_NUMBER, CONTROL_NUMBER_NOT),
    ]
