"""Find the words that people will search for: what an interview keeps naming, without what everybody says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from editor.fillers import bare, primary

_MOST_WORDS = 3
_SHORTEST_ALONE = 4
_LEAST_WORDS = 20  # of less than this yake makes keywords out of anything
_WEIGHT_OF_LENGTH = 2.0  # "price list" finds a resource, "list" finds all of them

#: Words so common at any work that they find nothing.
_EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """advanced answer anything ask back beginner beginners big bit book call change check day days end
        everything evening example expertise experience feel few find first form four get give
        good half help hour hours idea job keep kind know last later learn less level little
        long look lot make mean minute minutes moment month months morning nothing number
        numbers open part people person place point problem put question read real reason rest
        right ring same say second see sense set short show side simple skill somebody someone
        something start step stop strategy stuff take talk tell ten theory thing things think
        three time times today tomorrow top try turn two use wait want way ways week weeks
        weekend word words work worry year years yesterday""",
    )
)
#: What stands before the name of a thing in English; a verb has none of these before it.
_BEFORE_NAMES = frozenset(
    re.findall(
        r"\w+",
        """a an the my your his her our their its these those some any no every each all about after as at
        before by for from in inside into like of on onto over per than through to under until
        with within and or more most is are""",
    )
)


def find_keywords(sentences: Sequence[str], *, language: str, most: int) -> tuple[str, ...]:
    """Return the keywords of a text, the best first.

    Args:
        sentences: What is said.
        language: BCP 47.
        most: How many at most.
    """
    text = " ".join(sentences)
    if len(text.split()) < _LEAST_WORDS:
        return ()
    import yake

    tongue = primary(language) or "en"
    extractor = yake.KeywordExtractor(lan=tongue, n=_MOST_WORDS, top=1000, dedup_lim=1.0)
    scores = {phrase.casefold(): score for phrase, score in extractor.extract_keywords(text)}
    named = list(_named(sentences, stopwords=frozenset(extractor.stopword_set), english=tongue == "en"))
    counts = Counter(name.casefold() for name in named)

    def rank(name: str) -> tuple[float, str]:
        weight = counts[name.casefold()] * (1 + _WEIGHT_OF_LENGTH * (len(name.split()) - 1))
        return float(scores[name.casefold()]) / weight, name

    chosen: list[str] = []
    for name in sorted({name for name in named if name.casefold() in scores}, key=rank):
        if not any(_overlap(name, other) for other in chosen):
            chosen.append(name)
    return tuple(chosen[:most])


def _named(sentences: Sequence[str], *, stopwords: frozenset[str], english: bool) -> Iterator[str]:
    """Yield every run of words between stopwords and punctuation that can be the name of something."""
    for sentence in sentences:
        for clause in re.split(r"[.,;:?!…—–()\"“”]+\s*", sentence):
            words = clause.split()
            dull = [bare(word) in stopwords or not bare(word) or bare(word).isdigit() for word in words]
            start = 0
            for end in range(1, len(words) + 1):
                if end == len(words) or dull[end] or dull[start]:
                    if not dull[start] and end - start <= _MOST_WORDS:
                        before = bare(words[start - 1]) if start else ""
                        if _is_name(words[start:end], before, first=not start, english=english):
                            yield _as_written(words[start:end], first=not start)
                    start = end


def _is_name(words: Sequence[str], before: str, *, first: bool, english: bool) -> bool:
    if english and all(bare(word) in _EVERYDAY for word in words):
        return False
    if len(words) == 1 and not words[0].isupper():
        alone = bare(words[0])
        if len(alone) < _SHORTEST_ALONE or (english and alone.endswith(("ing", "ed"))):
            return False
    is_proper = not first and all(word[:1].isupper() for word in words)
    return not english or is_proper or before in _BEFORE_NAMES


def _as_written(words: Sequence[str], *, first: bool) -> str:
    """Return the words in small letters at the start of a sentence, names and abbreviations as they are."""
    head = words[0] if not first or words[0].isupper() else words[0].lower()
    return " ".join([head, *words[1:]])


def _overlap(one: str, other: str) -> bool:
    """Whether one says nothing that the other does not, as "lists" beside "price list"."""
    stems = [{bare(word).rstrip("s") for word in each.split()} for each in (one, other)]
    return stems[0] <= stems[1] or stems[1] <= stems[0]
