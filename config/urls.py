"""Every address, package by package."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

# The language is chosen on the sign-in page too.
language_urls = [path("doi/", login_not_required(set_language), name="set_language")]

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("notices.urls")),
    path("", include("search.urls")),
    path("", include("documents.urls")),
    path("", include("land.urls")),
    path("", include("workflow.urls")),
    path("", include("dossiers.urls")),
    path("", include("portal.urls")),
    path("api/", include("exchange.urls")),
    path("", include("upkeep.urls")),
    path("ngon-ngu/", include((language_urls, "language"))),
]
handler403 = "pages.views.refused"
handler404 = "pages.views.not_found"
handler500 = "pages.views.server_error"
