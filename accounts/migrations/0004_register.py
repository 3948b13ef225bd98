from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="steprole",
            name="keeps_register",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="unit",
            name="symbol",
            field=models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
    ]
