"""The part of the library that keeps the company's own words."""

from __future__ import annotations

from collections.abc import Sequence

from editor.kept_takes import KeptTakes
from editor.model import Term


class KeptGlossary(KeptTakes):
    """Terms that hold for every resource."""

    def glossary(self) -> tuple[Term, ...]:
        """Return the terms in order of the alphabet."""
        found = self._rows("SELECT write, heard FROM glossary ORDER BY write, heard")
        return tuple(Term(row["write"], row["heard"]) for row in found)

    def keep_glossary(self, terms: Sequence[Term]) -> None:
        """Keep these terms in place of those there were."""
        with self.transaction():
            self._run("DELETE FROM glossary")
            for term in terms:
                self._run("INSERT INTO glossary (heard, write) VALUES (?, ?)", [term.heard, term.write])
