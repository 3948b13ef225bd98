"""Every address, package by package."""

from django.conf.urls.i18n import urlpatterns as language_urls
from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("ngon-ngu/", include((language_urls, "language"))),
]
handler404 = "pages.views.not_found"
handler500 = "pages.views.server_error"
