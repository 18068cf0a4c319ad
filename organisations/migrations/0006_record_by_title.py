from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0005_record_by_unit'),
    ]

    operations = [
        AddIndexGently(
            model_name='record',
            index=models.Index(fields=['organisation', 'course_title', 'id'], name='record_by_title'),
        ),
    ]
