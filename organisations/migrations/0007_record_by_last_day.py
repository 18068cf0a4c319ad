from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0006_record_by_title'),
    ]

    operations = [
        AddIndexGently(
            model_name='record',
            index=models.Index(fields=['organisation', 'expires_on'], name='record_by_last_day'),
        ),
    ]
