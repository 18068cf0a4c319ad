from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0003_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='termlanguage',
            name='reviewed_words',
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
    ]
