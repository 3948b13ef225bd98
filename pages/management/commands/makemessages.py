"""Django's makemessages, which never guesses: a wrong word on an official page is worse than a missing one."""

from pathlib import Path

from django.core.management.commands import makemessages

# Header lines that change with every run and say nothing.
_RESTLESS = ('"POT-Creation-Date:', '"Report-Msgid-Bugs-To:')


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        for catalogue in Path(potfile).parent.glob(f"{locale}/LC_MESSAGES/{self.domain}.po"):
            lines = catalogue.read_text("utf-8").splitlines(keepends=True)
            catalogue.write_text("".join(line for line in lines if not line.startswith(_RESTLESS)), "utf-8")
