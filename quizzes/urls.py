"""Addresses of attempts, under `/<language>/learning/attempts/`."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "quizzes"

urlpatterns = [
    path("<int:attempt>/<int:position>/", views.question, name="question"),
    path("<int:attempt>/check/", views.check, name="check"),
    path("<int:attempt>/submit/", views.submit, name="submit"),
    path("<int:attempt>/result/", views.result, name="result"),
]
