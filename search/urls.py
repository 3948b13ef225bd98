from django.urls import path

from search.views.results import results

urlpatterns = [
    path("tim/", results, name="search"),
]
