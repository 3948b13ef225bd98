"""Somebody at a browser: signs in, opens pages, fills in their forms and sends them. It knows only what pages show."""

import mimetypes
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import IO
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

TIMEOUT = 120


class PageSaysNo(RuntimeError):
    """The server answered a page with an error; the message is what it shows, `status` its number if it has one."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class WebForm:
    """A form of a page: where it goes and what it would send untouched."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """Its fields with these values put in; a value for a field the page lacks is added, as scripts do."""
        return [(name, value) for name, value in self.fields if name not in values] + list(values.items())


class _Reader(HTMLParser):
    """Collects forms and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[WebForm] = []
        self.words: list[str] = []
        self._open: list[WebForm] = []
        self._select, self._textarea = "", ""
        self._options: list[str] = []
        self._chosen: list[str] = []
        self._written: list[str] = []
        self._is_hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._open.append(WebForm(values.get("action", "")))
                self.forms.append(self._open[-1])
            case "input":
                self._input(values)
            case "select":
                self._select, self._options, self._chosen = values.get("name", ""), [], []
            case "option":
                (self._chosen if "selected" in values else self._options).append(values.get("value", ""))
            case "textarea":
                self._textarea, self._written = values.get("name", ""), []
            case "script" | "style" | "template":
                self._is_hidden += 1

    def _input(self, values: Mapping[str, str]) -> None:
        kind = values.get("type", "text")
        if kind in ("submit", "button", "file") or not values.get("name"):
            return
        if kind in ("checkbox", "radio") and "checked" not in values:
            return
        self._put(values["name"], values.get("value", "on" if kind == "checkbox" else ""))

    def _put(self, name: str, value: str) -> None:
        if self._open and name and not self._is_hidden:
            self._open[-1].fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form" if self._open:
                self._open.pop()
            case "select":
                # Untouched, a browser sends the option chosen, else the first.
                for value in [*self._chosen, *self._options][:1]:
                    self._put(self._select, value)
            case "textarea":
                self._put(self._textarea, "".join(self._written))
                self._textarea = ""
            case "script" | "style" | "template":
                self._is_hidden -= 1

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._written.append(data)
        elif not self._is_hidden and data.strip():
            self.words.append(data.strip())


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as it came: its address, its text, its forms."""

    url: str
    html: str
    words: str
    forms: tuple[WebForm, ...]

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def form(self, ending: str) -> WebForm:
        """The form whose address ends this way. Raises PageSaysNo when the page has none."""
        for form in self.forms:
            if form.action.endswith(ending):
                return form
        message = f"{self.path} has no form for {ending}: {self.words[:300]}"
        raise PageSaysNo(message)

    def has_form(self, ending: str) -> bool:
        return any(form.action.endswith(ending) for form in self.forms)


def page_of(url: str, html: str) -> WebPage:
    """The page a server gave for this address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return WebPage(url, html, " ".join(reader.words), tuple(reader.forms))


class Visitor:
    """One person at one browser, with cookies of his own."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def sign_in(self, username: str, password: str) -> WebPage:
        page = self.open("/dang-nhap/")
        form = next(form for form in page.forms if any(name == "password" for name, _value in form.fields))
        return self.send(form, page, {"username": username, "password": password})

    def open(self, path: str) -> WebPage:
        return self._fetch(urllib.request.Request(urljoin(self._server, path)))  # noqa: S310 our own server

    def download(self, path: str) -> bytes:
        with self._answer(urllib.request.Request(urljoin(self._server, path))) as answer:  # noqa: S310 our own server
            return bytes(answer.read())

    def send(
        self,
        form: WebForm,
        page: WebPage,
        values: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> WebPage:
        """Posts the form with these values, as the page would; follows to where it leads."""
        url = urljoin(page.url, form.action)
        fields = form.filled(values or {})
        kind, body = (
            _multipart(fields, files) if files else ("application/x-www-form-urlencoded", urlencode(fields).encode())
        )
        headers = {"Content-Type": kind, "Referer": page.url, "Origin": self._server}
        return self._fetch(urllib.request.Request(url, data=body, headers=headers))  # noqa: S310 our own server

    def send_alone(self, path: str, page: WebPage, files: Mapping[str, tuple[str, bytes]]) -> WebPage:
        """Posts files the way a page's script does: beside its form, with the form's token."""
        token = next(value for form in page.forms for name, value in form.fields if name == "csrfmiddlewaretoken")
        return self.send(WebForm(path, [("csrfmiddlewaretoken", token)]), page, files=files)

    def _fetch(self, request: urllib.request.Request) -> WebPage:
        with self._answer(request) as answer:
            html = answer.read().decode("utf-8")
            url: str = answer.geturl()  # type: ignore[attr-defined]
        return page_of(url, html)

    def _answer(self, request: urllib.request.Request) -> IO[bytes]:
        try:
            opened: IO[bytes] = self._opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as refused:
            page = page_of(request.full_url, refused.read().decode("utf-8", "replace"))
            message = f"{request.get_method()} {request.full_url}: {refused.code}: {page.words[:600]}"
            raise PageSaysNo(message, refused.code) from refused
        return opened


def _multipart(fields: Iterable[tuple[str, str]], files: Mapping[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    boundary = uuid4().hex
    parts = [_part(boundary, name, value.encode()) for name, value in fields]
    parts += [_part(boundary, name, content, filename) for name, (filename, content) in files.items()]
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, f"--{boundary}--\r\n".encode()])


def _part(boundary: str, name: str, content: bytes, filename: str = "") -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
    if filename:
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        head += f'; filename="{filename}"\r\nContent-Type: {kind}'
    return f"{head}\r\n\r\n".encode() + content + b"\r\n"
