from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_guards_secrets"),
    ]

    operations = [
        migrations.AddField(
            model_name="steprole",
            name="imports",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
