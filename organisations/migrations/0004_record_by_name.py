from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0003_membership_by_name'),
    ]

    operations = [
        AddIndexGently(
            model_name='record',
            index=models.Index(fields=['organisation', 'person_name', 'id'], name='record_by_name'),
        ),
    ]
