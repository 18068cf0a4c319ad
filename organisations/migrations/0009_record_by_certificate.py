from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0008_record_of_unit_by_day'),
    ]

    operations = [
        AddIndexGently(
            model_name='record',
            index=models.Index(fields=['certificate_code'], name='record_by_certificate'),
        ),
    ]
