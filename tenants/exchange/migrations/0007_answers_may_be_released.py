"""Answers to inquiries are released like acknowledgements: by the portal itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_partner_keys")]

    operations = [
        migrations.RemoveConstraint(
            model_name='outboundstate',
            name='outbound_state_maker_is_not_checker',
        ),
        migrations.AddConstraint(
            model_name='outboundstate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(models.Q(('actor_kind', 'staff'), ('kind__in', ('TA1', '999', '277CA', '271', '277')), _connector='OR'), models.Q(('actor_uuid', models.F('maker_uuid')), _negated=True), ('kind__isnull', False), ('maker_uuid__isnull', False), ('sha256__isnull', False)), _connector='OR'), name='outbound_state_maker_is_not_checker'),
        ),
    ]
