"""Puts up the triggers that make the trail append-only."""

from django.db import migrations

from audit.append_only import arm, disarm


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(arm, disarm)]
