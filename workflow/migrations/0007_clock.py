"""Limits in working minutes or in days of the calendar; extensions and recalculations as lines of the ledger."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_edition_drafts")]

    operations = [
        migrations.RenameField(model_name="clockentry", old_name="limit_minutes", new_name="limit"),
        migrations.AddField(
            model_name="clockentry",
            name="unit",
            field=models.CharField(
                choices=[("minutes", "working minutes"), ("days", "days")],
                db_default="minutes",
                default="minutes",
                max_length=7,
            ),
        ),
        migrations.AlterField(
            model_name="clockentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("start", "Started"),
                    ("pause", "Paused"),
                    ("resume", "Resumed"),
                    ("reset", "Started anew"),
                    ("stop", "Ended"),
                    ("extended", "Extended"),
                    ("recalculated", "Reckoned anew"),
                ],
                max_length=12,
            ),
        ),
    ]
