"""The index a year's page of the outgoing register is read by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_held_papers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="registerentry",
            index=models.Index(fields=["unit", "year", "-id"], name="documents_register_of_unit"),
        ),
    ]
