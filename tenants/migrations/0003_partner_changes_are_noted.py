"""A change of what we agreed with a trading partner is written down."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_words_for_nights'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='staffevent',
            name='staff_event_known_kind',
        ),
        migrations.AddConstraint(
            model_name='staffevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['employer_created', 'employer_changed', 'agreement_changed', 'grant_opened', 'grant_closed', 'work_item_taken', 'work_item_assigned', 'work_item_released', 'work_item_done', 'user_changed', 'file_released', 'part_rerouted', 'partner_changed'])), name='staff_event_known_kind'),
        ),
    ]
