"""The portal's verbs in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare

declare("scale.seeded", _("Filled the database with %(dossiers)s invented dossiers"), icon="database-fill-add")
