"""The import contract covers every package, and models keep it too: a foreign key by name is no import."""

import configparser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

CONTRACT = configparser.ConfigParser()
CONTRACT.read(Path(settings.BASE_DIR) / ".importlinter")
LAYERS = [
    {name.strip(" ()") for name in line.split("|")}
    for line in CONTRACT["importlinter:contract:layers"]["layers"].split("\n")
    if line
]
PACKAGES = {path.parent.name for path in Path(settings.BASE_DIR).glob("*/__init__.py")} - {"tests"}


def _height(package: str) -> int:
    """How low a package stands: 0 is the top."""
    return next(number for number, layer in enumerate(LAYERS) if package in layer)


def test_every_package_is_under_the_contract() -> None:
    roots = set(CONTRACT["importlinter"]["root_packages"].split())

    assert roots == PACKAGES
    assert set().union(*LAYERS) >= PACKAGES


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_no_model_relates_upward(package: str) -> None:
    ours = [model for model in apps.get_models() if model.__module__.partition(".")[0] == package]

    upward = [
        f"{model.__name__}.{field.name}"
        for model in ours
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is not None
        for target in [field.related_model.__module__.partition(".")[0]]
        if target in PACKAGES and _height(target) < _height(package)
    ]

    assert upward == []
