from django.urls import path

from dossiers.records.views import (
    records,
    records_approve,
    records_classify,
    records_drop,
    records_list,
    records_make,
    records_package,
    records_take_off,
)
from dossiers.views import bundles
from dossiers.views.cross_check import cross_check_tab, mismatch_decided
from dossiers.views.dossier import (
    apology_pdf,
    apology_signed,
    control_slip_pdf,
    dossier_tab,
    draft_result_view,
    receipt_pdf,
)
from dossiers.views.intake import (
    begin,
    change,
    discard,
    intake,
    look_up_applicant,
    receive,
    save,
    start,
)
from dossiers.views.land import dossier_land, look_up_land
from dossiers.views.listing import dossiers
from dossiers.views.papers import attach, paper_line
from dossiers.views.step_papers import step_paper

urlpatterns = [
    path("tiep-nhan/", start, name="intake_start"),
    path("tiep-nhan/moi/", begin, name="intake_begin"),
    path("tiep-nhan/<int:dossier_id>/", intake, name="intake"),
    path("tiep-nhan/<int:dossier_id>/luu/", save, name="intake_save"),
    path("tiep-nhan/<int:dossier_id>/thu-tuc/", change, name="intake_change"),
    path("tiep-nhan/<int:dossier_id>/bo/", discard, name="intake_discard"),
    path("tiep-nhan/<int:dossier_id>/nguoi-nop/", look_up_applicant, name="intake_applicant"),
    path("tiep-nhan/<int:dossier_id>/thua-dat/", look_up_land, name="intake_land"),
    path("tiep-nhan/<int:dossier_id>/nhan/", receive, name="intake_receive"),
    path("tiep-nhan/<int:dossier_id>/giay-to/<slug:component>/", paper_line, name="intake_paper"),
    path("tiep-nhan/<int:dossier_id>/giay-to/<slug:component>/quet/", attach, name="intake_attach"),
    path("tiep-nhan/<int:dossier_id>/tap-quet/", bundles.bundle_add, name="intake_bundle_add"),
    path("tiep-nhan/<int:dossier_id>/tap-quet/<int:bundle_id>/", bundles.bundle, name="intake_bundle"),
    path(
        "tiep-nhan/<int:dossier_id>/tap-quet/<int:bundle_id>/tien-do/",
        bundles.bundle_progress,
        name="intake_bundle_progress",
    ),
    path("tiep-nhan/<int:dossier_id>/tap-quet/<int:bundle_id>/tach/", bundles.bundle_split, name="intake_bundle_split"),
    path("tiep-nhan/<int:dossier_id>/to-phan-cach.pdf", bundles.separators, name="intake_separators"),
    path("ho-so/", dossiers, name="dossiers"),
    path("ho-so/<int:dossier_id>/", dossier_tab, {"tab": "form"}, name="dossier"),
    path("ho-so/<int:dossier_id>/giay-to/", dossier_tab, {"tab": "papers"}, name="dossier_papers"),
    path("ho-so/<int:dossier_id>/giay-to/<int:step_run_id>/", step_paper, name="dossier_step_paper"),
    path("ho-so/<int:dossier_id>/doi-chieu/", cross_check_tab, name="dossier_check"),
    path("ho-so/<int:dossier_id>/doi-chieu/ket-luan/", mismatch_decided, name="dossier_check_decide"),
    path("ho-so/<int:dossier_id>/cac-buoc/", dossier_tab, {"tab": "steps"}, name="dossier_steps"),
    path("ho-so/<int:dossier_id>/thoi-han/", dossier_tab, {"tab": "clock"}, name="dossier_clock"),
    path("ho-so/<int:dossier_id>/lich-su/", dossier_tab, {"tab": "history"}, name="dossier_history"),
    path("ho-so/<int:dossier_id>/thua-dat/", dossier_land, name="dossier_land"),
    path("ho-so/<int:dossier_id>/giay-hen.pdf", receipt_pdf, name="dossier_receipt"),
    path("ho-so/<int:dossier_id>/phieu-kiem-soat.pdf", control_slip_pdf, name="dossier_control_slip"),
    path("ho-so/<int:dossier_id>/xin-loi.pdf", apology_pdf, name="dossier_apology"),
    path("ho-so/<int:dossier_id>/xin-loi/", apology_signed, name="dossier_apologize"),
    path("ho-so/<int:dossier_id>/du-thao/<slug:result>/", draft_result_view, name="dossier_draft_result"),
    path("luu-tru/", records, name="records"),
    path("luu-tru/lap/", records_make, name="records_make"),
    path("luu-tru/<int:list_id>/", records_list, name="records_list"),
    path("luu-tru/<int:list_id>/duyet/", records_approve, name="records_approve"),
    path("luu-tru/<int:list_id>/bo/", records_drop, name="records_drop"),
    path("luu-tru/<int:list_id>/goi/", records_package, name="records_package"),
    path("luu-tru/<int:list_id>/thoi-han/<int:file_id>/", records_classify, name="records_classify"),
    path("luu-tru/<int:list_id>/rut/<int:line_id>/", records_take_off, name="records_take_off"),
]
