from django.urls import path

from upkeep.views import dead_letters, probes

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("van-hanh/viec-hong/", dead_letters.dead_letters, name="dead_letters"),
    path("van-hanh/viec-hong/gui-lai/", dead_letters.send_topic, name="dead_letters_send"),
    path("van-hanh/viec-hong/<int:row_id>/gui-lai/", dead_letters.send, name="dead_letter_send"),
    path("van-hanh/viec-hong/<int:row_id>/bo/", dead_letters.set_aside, name="dead_letter_set_aside"),
]
