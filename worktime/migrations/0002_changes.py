"""Office hours from a day on, the rule of warnings, and every change of a calendar as a row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worktime", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="workingcalendar",
            name="near_days",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="workingcalendar",
            name="near_percent",
            field=models.PositiveSmallIntegerField(db_default=20, default=20),
        ),
        migrations.AddField(
            model_name="workingcalendar",
            name="apology_days",
            field=models.PositiveSmallIntegerField(db_default=2, default=2),
        ),
        migrations.CreateModel(
            name="CalendarHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("hours", models.CharField(max_length=80)),
                ("late_after", models.TimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later_hours",
                        to="worktime.workingcalendar",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("calendar", "valid_from"), name="worktime_hours_once")],
            },
        ),
        migrations.CreateModel(
            name="CalendarChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("day", "Day"),
                            ("drop", "Day as usual again"),
                            ("hours", "Office hours"),
                            ("rule", "Warning rule"),
                        ],
                        max_length=8,
                    ),
                ),
                ("date", models.DateField(null=True)),
                ("before", models.CharField(blank=True, max_length=120)),
                ("after", models.CharField(blank=True, max_length=120)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(max_length=250)),
                ("made_at", models.DateTimeField()),
                ("officer_id", models.BigIntegerField(null=True)),
                ("officer_name", models.CharField(max_length=160)),
                ("revision", models.UUIDField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="worktime.workingcalendar",
                    ),
                ),
            ],
        ),
    ]
