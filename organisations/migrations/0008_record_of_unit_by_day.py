from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0007_record_by_last_day'),
    ]

    operations = [
        AddIndexGently(
            model_name='record',
            index=models.Index(fields=['unit', 'completed_on', 'id'], name='record_of_unit_by_day'),
        ),
    ]
