"""Who has each piece of work, read off what staff did so far. Repeating it gives the same."""

from django.db import migrations

OWNERS = """
UPDATE tenants_workitem w SET owner_uuid = last.owner_uuid
  FROM (SELECT DISTINCT ON (schema_name, subject_uuid) schema_name, subject_uuid,
               CASE kind WHEN 'work_item_released' THEN NULL ELSE staff_uuid END AS owner_uuid
          FROM tenants_staffevent
         WHERE kind IN ('work_item_taken', 'work_item_assigned', 'work_item_released')
         ORDER BY schema_name, subject_uuid, id DESC) AS last
  JOIN tenants_employer e ON e.schema_name = last.schema_name
 WHERE w.employer_id = e.id AND w.subject_uuid = last.subject_uuid
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0004_work_in_hands_and_paused'),
    ]

    operations = [migrations.RunSQL(OWNERS, migrations.RunSQL.noop)]
