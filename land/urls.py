from django.urls import path

from land.views.certificates import certificate, certificates
from land.views.parcels import parcel, parcels

urlpatterns = [
    path("thua-dat/", parcels, name="parcels"),
    path("thua-dat/<int:parcel_id>/", parcel, name="parcel"),
    path("giay-chung-nhan/", certificates, name="certificates"),
    path("giay-chung-nhan/<int:certificate_id>/", certificate, name="certificate"),
]
