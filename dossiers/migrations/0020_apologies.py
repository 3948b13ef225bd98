"""Apologies with a new appointment, and room for the numbers they bear."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0008_hold_listed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(model_name="issuedform", name="number", field=models.CharField(max_length=80)),
        migrations.CreateModel(
            name="Apology",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField()),
                ("drafted_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("until", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "dossier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="apology", to="dossiers.dossier"
                    ),
                ),
                (
                    "form",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dossiers.issuedform",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            signed_at__isnull=True, signed_by__isnull=True, until__isnull=True, form__isnull=True
                        )
                        | models.Q(
                            signed_at__isnull=False,
                            signed_by__isnull=False,
                            until__gt=models.F("due_at"),
                            form__isnull=False,
                        )
                        & ~models.Q(reason=""),
                        name="dossiers_apology_signed_in_full",
                    )
                ]
            },
        ),
    ]
