"""Warnings given once, and recalculations on their way."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("worktime", "0002_changes"),
        ("workflow", "0007_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeadlineWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(choices=[("near", "Due soon"), ("late", "Overdue")], max_length=4)),
                ("due_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="warnings", to="workflow.case"
                    ),
                ),
                (
                    "step_run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to="workflow.steprun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("step_run__isnull", True)),
                        fields=("case", "level", "due_at"),
                        name="workflow_warned_of_case_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("step_run__isnull", False)),
                        fields=("step_run", "level", "due_at"),
                        name="workflow_warned_of_step_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recalculation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.UUIDField()),
                ("reason", models.CharField(max_length=250)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("superseded", "Ended: the calendar was changed again"),
                            ("given_up", "Given up: look at the failed jobs"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("after_id", models.BigIntegerField(default=0)),
                ("examined", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("set_aside", models.JSONField(default=list)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="worktime.calendarchange",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("state",),
                        name="workflow_one_recalculation_runs",
                    )
                ],
            },
        ),
    ]
