from django.urls import path

from notices import views

urlpatterns = [
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-doc/", views.notices_read, name="notices_read"),
    path("thong-bao/<int:notice_id>/", views.notice_read, name="notice_read"),
]
