"""A page as a browser takes it apart: its elements, and the texts people read on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Attributes whose words are shown or spoken.
_SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description", "data-confirm")
_SILENT = ("script", "style")


@dataclass
class Element:
    """An element with its attributes; `around` are the elements it stands in."""

    tag: str
    attributes: dict[str, str]
    around: "tuple[Element, ...]" = ()
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    @property
    def form(self) -> "Element | None":
        return next((element for element in reversed(self.around) if element.tag == "form"), None)


class WebPage(HTMLParser):
    """`elements` in their order, `texts` as they stand between the tags and in what is spoken."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(element)
        self._open.append(element)
        self.texts += [element.attributes[name] for name in _SPOKEN if name in element.attributes]

    def handle_endtag(self, tag: str) -> None:
        # What is never closed (input, img, br) goes with what stands around it.
        while self._open and any(element.tag == tag for element in self._open):
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].tag in _SILENT:
            return
        self.texts.append(" ".join(data.split()))
        for element in self._open:
            element.texts.append(data)

    def all(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.elements if element.tag in tags)
