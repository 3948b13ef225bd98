"""The pages of steps as an officer's browser asks for them, and what a person reads on them."""

import html
import re
from typing import cast

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.workflow.ferry import boats
from workflow.models import StepRun

# How an answer is asked for: as a whole page, or by htmx from the one that is open.
PAGE, PART = "page", "part"
HTMX = {"HX-Request": "true"}


def post(client: Client, name: str, run: StepRun | int, *, how: str = PAGE, **typed: str) -> HttpResponse:
    """The answer to a form of the step's panel."""
    address = reverse(name, args=[run if isinstance(run, int) else run.pk])
    return cast("HttpResponse", client.post(address, typed, headers=HTMX if how == PART else {}))


def complete(client: Client, run: StepRun, outcome: str, *, how: str = PAGE, **typed: str) -> HttpResponse:
    """The answer to the form that ends the step this way, sent from a page as fresh as `run`."""
    sent = {"outcome": outcome, "version": str(run.version), **typed}
    return post(client, "step_complete", run, how=how, **sent)


def deep(depth: str = "2,4", *names: str) -> dict[str, str]:
    """The fields of the ferry's outcome `deep` as its form posts them: the depth and a table of boats."""
    return {f"to-deep-{name}": text for name, text in {"depth": depth, **boats(*names)}.items()}


def words(answer: HttpResponse) -> str:
    """What a person reads, markup taken out."""
    page = answer.content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2] or page)).split())


def value_of(answer: HttpResponse, name: str) -> str:
    """What stands in the form's input or text area of this name."""
    page = answer.content.decode()
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    if area:
        return html.unescape(area[1]).strip()
    controls = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    # A panel may hold several forms: a field they share says the same in each.
    [value] = {"".join(re.findall(r'value="([^"]*)"', control)) for control in controls}
    return html.unescape(value)
