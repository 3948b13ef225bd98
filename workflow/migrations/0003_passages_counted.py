"""Cases count their passages from what they have passed already."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Max, OuterRef, Subquery


def count_passages(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    Case, StepRun = apps.get_model("workflow", "Case"), apps.get_model("workflow", "StepRun")
    last = StepRun.objects.filter(process=OuterRef("pk")).order_by().values("process").annotate(last=Max("number"))
    Case.objects.filter(finished__isnull=True).update(passages=Subquery(last.values("last")))


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_branches_and_opinions")]
    operations = [migrations.RunPython(count_passages, migrations.RunPython.noop)]
