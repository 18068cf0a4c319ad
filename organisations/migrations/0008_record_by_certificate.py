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
            index=models.Index(fields=['certificate_code'], name='record_by_certificate'),
        ),
    ]
