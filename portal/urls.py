from django.urls import path

from portal.views.home import home
from portal.views.public import status

urlpatterns = [
    path("", home, name="home"),
    path("tra-cuu/", status, name="public_status"),
]
