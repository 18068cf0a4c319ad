from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0008_record_by_certificate'),
    ]

    operations = [
        AddIndexGently(
            model_name='recordevent',
            index=models.Index(condition=models.Q(('kind', 'revoked')), fields=['record'], name='record_event_revoked'),
        ),
    ]
