from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('organisations', '0002_stopped_invitations'),
    ]

    operations = [
        AddIndexGently(
            model_name='membership',
            index=models.Index(fields=['organisation', 'name', 'id'], name='membership_by_name'),
        ),
    ]
