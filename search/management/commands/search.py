"""Searches as an officer would."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.html import strip_tags

from accounts.acting import Acting, acting_for
from accounts.models import Officer
from search.kinds import KINDS
from search.selectors import LARGEST_PAGE, Hit, Query, Results, find

_SHOWN = ("id", "kind", "number", "title", "score", "snippet")


class Command(BaseCommand):
    help = "Finds what an officer may see; --json prints one object a query."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", nargs="?", help="the words sought")
        parser.add_argument("--as", dest="username", required=True, help="the officer who searches")
        parser.add_argument("--kind", choices=sorted(KINDS), help="things of this kind only")
        parser.add_argument("--limit", type=int, default=10, help=f"hits shown, at most {LARGEST_PAGE}")
        parser.add_argument("--batch", type=Path, metavar="FILE", help="one query a line instead of QUERY")
        parser.add_argument("--json", action="store_true", help="one JSON object a query, each on a line")

    def handle(self, *args: Any, **options: Any) -> None:
        acting = _acting(options["username"])
        kinds = (options["kind"],) if options["kind"] else ()
        is_degraded = False
        for text in _texts(options["query"], options["batch"]):
            results = find(Query(text, kinds=kinds, limit=options["limit"]), acting)
            is_degraded |= results.is_degraded
            self.stdout.write(_as_json(text, results) if options["json"] else _as_lines(text, results))
        if is_degraded:
            raise CommandError("the search engine does not answer: the results are not complete")


def _acting(username: str) -> Acting:
    officer = Officer.objects.filter(username=username, is_active=True).first()
    if officer is None:
        raise CommandError(f"no active officer is called {username}")
    return acting_for(officer)


def _texts(query: str | None, batch: Path | None) -> Iterator[str]:
    if (query is None) == (batch is None):
        raise CommandError("say either QUERY or --batch FILE")
    if batch is None:
        yield query or ""
        return
    try:
        with batch.open(encoding="utf-8-sig") as lines:
            yield from (line.rstrip("\n") for line in lines)
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"{batch}: {fault}") from fault


def _as_json(text: str, results: Results) -> str:
    hits = [{name: getattr(hit, name) for name in _SHOWN} for hit in results.hits]
    answer = {"query": text, "total": results.total, "took_ms": results.took_ms, "hits": hits}
    return json.dumps(answer, ensure_ascii=False)


def _as_lines(text: str, results: Results) -> str:
    head = f"{text}: {results.total} found in {results.took_ms} ms"
    return "\n".join([head, *(line for hit in results.hits for line in _lines(hit))])


def _lines(hit: Hit) -> Iterator[str]:
    yield f"  {hit.score:8.2f}  {hit.kind} {hit.id}  {hit.number}  {hit.title}"
    if hit.snippet:
        yield f"            {strip_tags(hit.snippet)}"
