"""Texts that break pages, manifests, scripts and file names, and a way to put one everywhere at once."""

from dataclasses import replace

from hypothesis import strategies as st

from editor.model import ChapterMark, Cue, Expert, Tags
from editor.typed import one_line
from export.package import clean
from tests.export.conftest import LENGTH_S, VERSION, S

#: Each of them calls `hostile()` in some way if it is ever run as a script.
CORPUS = (
    "<script>hostile()</script>",
    "</script><script>hostile()</script>",
    "--><script>hostile()</script><!--",
    "]]><script>hostile()</script>",
    "<img src=x onerror=hostile()>",
    "<svg/onload=hostile()>",
    "<iframe srcdoc='<script>parent.hostile()</script>'>",
    "\"><img src=x onerror='hostile()'>",
    "'><img src=x onerror=\"hostile()\">",
    '" onfocus="hostile()" autofocus="',
    "' onmouseover='hostile()' x='",
    "`;hostile();`${hostile()}",
    "'-hostile()-'",
    '";hostile();//',
    "\\';hostile();//",
    "</title><script>hostile()</script>",
    "</style><script>hostile()</script>",
    "</textarea><script>hostile()</script>",
    "javascript:hostile()",
    "data:text/html,<script>hostile()</script>",
    "{{constructor.constructor('hostile()')()}}",
    "${hostile()}",
    "{% raw %}{{ 7*7 }}",
    "%s%n%x {0} {name} %(x)s",
    "&lt;script&gt;hostile()&lt;/script&gt;",
    "&#60;script&#62;hostile()&#60;/script&#62;",
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;",
    "<![CDATA[<script>hostile()</script>]]>",
    "\u2028hostile()\u2029",
    "\u202eevil\u202c \u200b\ufeff",
    "00:00:01.000 --> 00:00:02.000",
    "WEBVTT\n\nNOTE\n\n<v hostile>",
    "1\n00:00:00,000 --> 00:00:01,000\nx",
    "\x00\x01\x08\x0b\x1f\x7f\x85\ufffe\uffff",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "con",
    "-rf / ; rm *",
    "a" * 5_000,
    "👩‍👩‍👧‍👦👋🏽" * 40,
    "Ünïcödé ﷺ العربية עברית 日本語 ไทย",
    "Z̷̢̛a̸l̶g̵o̸" * 20,
    "=HYPERLINK(\"http://x\")",
    "' OR 1=1 --",
    "BEGIN:VCARD\nEND:VCARD",
    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000",
    "title=x\\\ny=z#;",
    " ",
    "\t\n\r",
)  # fmt: skip

#: A hostile text, or two glued together, or anything that Unicode has (surrogates cannot be typed or stored).
texts = st.one_of(
    st.sampled_from(CORPUS),
    st.tuples(st.sampled_from(CORPUS), st.sampled_from(CORPUS)).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
)


def titled(text: str) -> str:
    """Return a title as the library takes it: never without a sign that can be seen."""
    return text if one_line(clean(text)) else "x"


def hostile_version(*given: str):
    """A version in which every text that people type or say is one of ``given``, in turn."""
    told = [*given] * 20

    def text() -> str:
        told.append(told.pop(0))
        return told[-1]

    return replace(
        VERSION,
        title=titled(text()),
        summary=text(),
        expert=Expert(text(), text()),
        tags=Tags(
            level="advanced",
            roles=(text(), text()),
            kind=("skill",),
            prerequisites=(text(),),
            when_to_use=text(),
            keywords=(text(), text()),
            language="en",
        ),
        priority=text(),
        cues=tuple(Cue(at * S, (at + 2) * S, (text(), text())) for at in range(0, LENGTH_S - 2, 3)),
        chapters=tuple(ChapterMark(at * S, text()) for at in range(0, LENGTH_S, 4)),
        note=text(),
    )
