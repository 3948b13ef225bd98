from django.urls import path

from workflow.views.steps import claim, complete, reassign
from workflow.views.work_list import finished_list, quick_look, work_list

urlpatterns = [
    path("viec/", work_list, {"which": "mine"}, name="work_mine"),
    path("viec/don-vi/", work_list, {"which": "unit"}, name="work_unit"),
    path("viec/da-xong/", finished_list, name="work_finished"),
    path("viec/<int:step_run_id>/xem-nhanh/", quick_look, name="work_quick_look"),
    path("viec/<int:step_run_id>/nhan/", claim, name="step_claim"),
    path("viec/<int:step_run_id>/giao/", reassign, name="step_reassign"),
    path("viec/<int:step_run_id>/hoan-thanh/", complete, name="step_complete"),
]
