"""Whose work is, and that its clock stands still, on the line of the queue."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0003_partner_changes_are_noted'),
    ]

    operations = [
        migrations.AddField(
            model_name='workitem',
            name='owner_uuid',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='workitem',
            name='paused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='workitem',
            name='paused_days',
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('closed_at__isnull', True), ('owner_uuid__isnull', False)), fields=['owner_uuid', 'due_at', 'id'], name='work_item_in_hands'),
        ),
    ]
