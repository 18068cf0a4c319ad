from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0002_mail'),
    ]

    operations = [
        AddIndexGently(
            model_name='user',
            index=models.Index(condition=models.Q(('is_superuser', True)), fields=['id'], name='user_superuser'),
        ),
    ]
