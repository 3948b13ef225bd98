from django.urls import path

from accounts.views.session import SignIn, SignOut, slot_chosen

urlpatterns = [
    path("dang-nhap/", SignIn.as_view(), name="sign_in"),
    path("dang-xuat/", SignOut.as_view(), name="sign_out"),
    path("tai-khoan/chuyen/", slot_chosen, name="choose_slot"),
]
