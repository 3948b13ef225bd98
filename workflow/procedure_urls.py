"""The catalogue of procedures."""

from django.urls import path

from workflow.views import edition_drafts as drafts
from workflow.views.procedures import procedure, procedure_file, procedure_retire, procedures

urlpatterns = [
    path("", procedures, name="procedures"),
    path("<int:version_id>/", procedure, {"tab": "overview"}, name="procedure"),
    path("<int:version_id>/buoc/", procedure, {"tab": "steps"}, name="procedure_steps"),
    path("<int:version_id>/bieu-mau/", procedure, {"tab": "form"}, name="procedure_form"),
    path("<int:version_id>/so-sanh/", procedure, {"tab": "compare"}, name="procedure_compare"),
    path("<int:version_id>/tep/", procedure_file, name="procedure_file"),
    path("<int:version_id>/ngung/", procedure_retire, name="procedure_retire"),
    path("du-thao/", drafts.begin, name="procedure_draft_begin"),
    path("du-thao/<int:draft_id>/", drafts.draft_tab, {"tab": "overview"}, name="procedure_draft"),
    path("du-thao/<int:draft_id>/buoc/", drafts.draft_tab, {"tab": "steps"}, name="procedure_draft_steps"),
    path("du-thao/<int:draft_id>/bieu-mau/", drafts.draft_tab, {"tab": "form"}, name="procedure_draft_form"),
    path("du-thao/<int:draft_id>/so-sanh/", drafts.draft_tab, {"tab": "compare"}, name="procedure_draft_compare"),
    path("du-thao/<int:draft_id>/tep/", drafts.draft_file, name="procedure_draft_file"),
    path("du-thao/<int:draft_id>/phan/", drafts.draft_part, name="procedure_draft_part"),
    path("du-thao/<int:draft_id>/sua/", drafts.save_part, name="procedure_draft_save"),
    path("du-thao/<int:draft_id>/van-ban/", drafts.draft_text, name="procedure_draft_text"),
    path("du-thao/<int:draft_id>/viet-lai/", drafts.rewrite, name="procedure_draft_rewrite"),
    path("du-thao/<int:draft_id>/cong-bo/", drafts.publish, name="procedure_draft_publish"),
    path("du-thao/<int:draft_id>/bo/", drafts.drop, name="procedure_draft_drop"),
]
