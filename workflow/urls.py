from django.urls import include, path

from workflow.views.bulk import work_bulk
from workflow.views.calendar import (
    calendar_change,
    calendar_moves,
    calendar_preview,
    calendar_recalculate,
    working_calendar,
)
from workflow.views.export import work_export
from workflow.views.further import answer, ask, back, change_edition, further, jump, take_back, undo
from workflow.views.hand_over import (
    hand_over,
    hand_over_accept,
    hand_over_drop,
    hand_over_from_officer,
    hand_over_from_unit,
    hand_over_minutes,
    hand_overs,
)
from workflow.views.late import late_list
from workflow.views.new_work import new_work
from workflow.views.steps import claim, complete, reassign
from workflow.views.work_list import finished_list, quick_look, work_list

urlpatterns = [
    path("thu-tuc/", include("workflow.procedure_urls")),
    path("viec/", work_list, {"which": "mine"}, name="work_mine"),
    path("viec/don-vi/", work_list, {"which": "unit"}, name="work_unit"),
    path("viec/theo-doi/", work_list, {"which": "followed"}, name="work_followed"),
    path("viec/da-xong/", finished_list, name="work_finished"),
    path("viec/tre-han/", late_list, name="work_late"),
    path("viec/moi/", new_work, {"which": "mine"}, name="work_mine_new"),
    path("viec/don-vi/moi/", new_work, {"which": "unit"}, name="work_unit_new"),
    path("viec/theo-doi/moi/", new_work, {"which": "followed"}, name="work_followed_new"),
    path("viec/xuat/", work_export, {"which": "mine"}, name="work_mine_export"),
    path("viec/don-vi/xuat/", work_export, {"which": "unit"}, name="work_unit_export"),
    path("viec/theo-doi/xuat/", work_export, {"which": "followed"}, name="work_followed_export"),
    path("viec/da-xong/xuat/", work_export, {"which": "finished"}, name="work_finished_export"),
    path("viec/tre-han/xuat/", work_export, {"which": "late"}, name="work_late_export"),
    path("viec/nhieu/", work_bulk, {"which": "mine"}, name="work_mine_bulk"),
    path("viec/don-vi/nhieu/", work_bulk, {"which": "unit"}, name="work_unit_bulk"),
    path("viec/theo-doi/nhieu/", work_bulk, {"which": "followed"}, name="work_followed_bulk"),
    path("viec/ban-giao/", hand_overs, name="hand_overs"),
    path("viec/ban-giao/can-bo/", hand_over_from_officer, name="hand_over_officer"),
    path("viec/ban-giao/don-vi/", hand_over_from_unit, name="hand_over_unit"),
    path("viec/ban-giao/<int:hand_over_id>/", hand_over, name="hand_over"),
    path("viec/ban-giao/<int:hand_over_id>/nhan/", hand_over_accept, name="hand_over_accept"),
    path("viec/ban-giao/<int:hand_over_id>/bo/", hand_over_drop, name="hand_over_drop"),
    path("viec/ban-giao/<int:hand_over_id>/bien-ban.pdf", hand_over_minutes, name="hand_over_minutes"),
    path("viec/<int:step_run_id>/xem-nhanh/", quick_look, name="work_quick_look"),
    path("viec/<int:step_run_id>/nhan/", claim, name="step_claim"),
    path("viec/<int:step_run_id>/giao/", reassign, name="step_reassign"),
    path("viec/<int:step_run_id>/hoan-thanh/", complete, name="step_complete"),
    path("viec/<int:step_run_id>/thao-tac-khac/", further, name="step_further"),
    path("viec/<int:step_run_id>/lay-y-kien/", ask, name="opinion_ask"),
    path("viec/<int:step_run_id>/tra-loi/", answer, name="opinion_answer"),
    path("viec/<int:step_run_id>/thu-hoi/", take_back, name="opinion_take_back"),
    path("viec/<int:step_run_id>/tra-lai/", back, name="step_back"),
    path("viec/<int:step_run_id>/rut-lai/", undo, name="step_undo"),
    path("viec/<int:step_run_id>/chuyen-buoc/", jump, name="step_jump"),
    path("viec/<int:step_run_id>/phien-ban/<int:edition_id>/", change_edition, name="case_edition"),
    path("lich-lam-viec/", working_calendar, name="calendar"),
    path("lich-lam-viec/xem-truoc/", calendar_preview, name="calendar_preview"),
    path("lich-lam-viec/sua/", calendar_change, name="calendar_change"),
    path("lich-lam-viec/tinh-lai/", calendar_moves, name="calendar_moves"),
    path("lich-lam-viec/tinh-lai/chay/", calendar_recalculate, name="calendar_recalculate"),
]
