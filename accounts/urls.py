from django.urls import path

from accounts.views.delegations import delegation_end, delegation_make, delegations
from accounts.views.session import SignIn, SignOut, slot_chosen

urlpatterns = [
    path("dang-nhap/", SignIn.as_view(), name="sign_in"),
    path("dang-xuat/", SignOut.as_view(), name="sign_out"),
    path("tai-khoan/chuyen/", slot_chosen, name="choose_slot"),
    path("viec/uy-quyen/", delegations, name="delegations"),
    path("viec/uy-quyen/lap/", delegation_make, name="delegation_make"),
    path("viec/uy-quyen/<int:delegation_id>/ket-thuc/", delegation_end, name="delegation_end"),
]
