"""The learner's addresses, below `/<lang>/`."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "courses"

urlpatterns = [
    path("glossary/", views.show_glossary, name="glossary"),
    path("learning/", views.show_learning, name="learning"),
    path("learning/<slug:code>/enrol/", views.enrol_in, name="enrol"),
    path("learning/<slug:code>/lessons/<uuid:step>/", views.continue_after, name="continue"),
    path("learning/<slug:code>/quizzes/<uuid:step>/", views.start, name="start"),
]
