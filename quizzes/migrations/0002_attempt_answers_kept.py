from django.db import migrations, models

from tutela.kit.operations import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('quizzes', '0001_first'),
    ]

    operations = [
        AddIndexGently(
            model_name='attempt',
            index=models.Index(condition=models.Q(('answers_removed_at__isnull', True), ('submitted_at__isnull', False)), fields=['submitted_at', 'id'], name='attempt_answers_kept'),
        ),
    ]
