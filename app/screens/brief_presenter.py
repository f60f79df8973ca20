"""What Brief shows and decides, without a widget: the form, the guide's two tabs, each change as a brief."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from app import messages
from capture.errors import BadInputError
from capture.work import Work
from editor import guides
from editor.ids import new_id
from editor.library import Library
from editor.model import Brief, Consent, Expert, Guide, Prompt, Resource
from editor.search import Filter
from editor.tables import now
from editor.typed import distinct, one_line, plain

Tab = Literal["expert", "questions"]

#: So many resources are looked through for priorities, roles and experts to complete from, the newest first.
MOST_KNOWN = 2_000
_BASE_S, _A_WORD_S, _STEP_S = 15, 1.5, 5
_SITTING = 4  # from sitting down to the last take, against what is kept of it


@dataclass(frozen=True, slots=True)
class Known:
    """What was typed in other resources, to complete from.

    Args:
        priorities: Business priorities, and how many other resources support each.
        roles: Who resources are for.
        experts: Names, with the job role each had last.
        recorded: Titles of the other resources that an expert was recorded for, by name.
    """

    priorities: Mapping[str, int] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    experts: Mapping[str, str] = field(default_factory=dict)
    recorded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BriefState:
    """A resource as Brief shows it; ``answered`` are the ids of the prompts that have takes."""

    resource: Resource
    answered: frozenset[str]
    known: Known

    @property
    def brief(self) -> Brief:
        """The brief."""
        return self.resource.brief

    def prompts(self, tab: Tab) -> tuple[Prompt, ...]:
        """Return the prompts of a tab of the guide."""
        return tuple(each for each in self.brief.prompts if tab_of(self.brief, each) == tab)


def read_state(library: Library, resource_id: str, *, work: Work) -> BriefState:
    """Return a resource as Brief shows it."""
    resource = library.resource(resource_id)
    answered = frozenset(take.prompt.id for take in library.takes(resource_id))
    work.checkpoint()
    return BriefState(resource, answered, read_known(library, resource_id))


def read_known(library: Library, but: str) -> Known:
    """Return what to complete from, out of every resource but one."""
    priorities = {value: count for value, count in library.counts()["priority"].items() if value}
    own = library.resource(but)
    if own.brief.priority in priorities and not own.binned_at:
        priorities[own.brief.priority] -= 1
    roles: list[str] = []
    experts: dict[str, str] = {}
    recorded: dict[str, list[str]] = {}
    for each in library.resources(Filter(), limit=MOST_KNOWN):
        roles += (*each.brief.audience, *each.tags.roles)
        expert = each.brief.expert
        if each.id == but or not expert.name:
            continue
        if expert.role or expert.name not in experts:
            experts.setdefault(expert.name, expert.role)
        if each.status != "draft":
            recorded.setdefault(expert.name, []).append(each.title)
    return Known(
        dict(sorted(priorities.items(), key=lambda pair: (-pair[1], pair[0].casefold()))),
        tuple(sorted(set(roles), key=str.casefold)),
        experts,
        {name: tuple(titles) for name, titles in recorded.items()},
    )


# Words --------------------------------------------------------------------------------------------------


def priority_words(known: Known, priority: str) -> str:
    """Return how many other resources support a priority, in words."""
    count = known.priorities.get(priority, 0)
    return messages.counted("brief.supported", count) if count > 0 else ""


def expert_words(known: Known, name: str) -> str:
    """Return whether an expert was recorded before, in words."""
    if not name:
        return ""
    titles = known.recorded.get(name, ())
    if not titles:
        return messages.text("brief.not_recorded")
    return messages.counted("brief.recorded", len(titles), title=titles[0])


def missing(state: BriefState) -> str:
    """Return why the studio cannot be opened yet, or "" where it can."""
    if not state.brief.expert.name:
        return messages.text("brief.no_expert")
    if not any(each.included for each in state.brief.prompts):
        return messages.text("brief.no_prompt")
    return ""


def seconds(prompt: Prompt) -> int:
    """Return about how long an answer takes, from how much is asked; in steps of five seconds."""
    words = len(f"{prompt.text} {prompt.hint}".split())
    return max(round((_BASE_S + _A_WORD_S * words) / _STEP_S), 1) * _STEP_S


def seconds_words(prompt: Prompt) -> str:
    """Return that in words."""
    return messages.text("brief.about_seconds", seconds=seconds(prompt))


def guide_words(prompts: Sequence[Prompt]) -> str:
    """Return how much is asked, and how long all answers take."""
    asked = [each for each in prompts if each.included]
    if not asked:
        return ""
    minutes = max(round(sum(map(seconds, asked)) / 60), 1)
    return messages.counted("brief.prompts", len(asked), minutes=minutes)


def sitting_words(brief: Brief) -> str:
    """Return how long the expert is wanted for."""
    total_s = sum(seconds(each) for each in brief.prompts if each.included)
    minutes = max(round(total_s * _SITTING / 300) * 5, 5)
    return messages.text("brief.sitting", minutes=minutes)


def guide_text(resource: Resource) -> str:
    """Return the guide as plain text for the expert to read before."""
    lines = [resource.title, ""]
    if resource.brief.outcome:
        lines += [resource.brief.outcome, ""]
    asked = (each for each in resource.brief.prompts if each.included)
    for number, prompt in enumerate(asked, start=1):
        lines.append(f"{number}. {prompt.text}")
        if prompt.hint:
            lines.append(f"   {prompt.hint}")
    return "\n".join(lines) + "\n"


def initials(name: str) -> str:
    """Return what stands for a face: the first letters of first and last name."""
    parts = [part for part in name.split() if part[0].isalnum()]
    return "".join(part[0].upper() for part in (parts[:1] + parts[1:][-1:]))


# Changes ------------------------------------------------------------------------------------------------


def set_expert(brief: Brief, known: Known, *, name: str, role: str) -> Brief:
    """Return the brief with another expert; who is known and has no role given gets the one of before."""
    name, role = one_line(name), one_line(role)
    if name != brief.expert.name and name in known.experts and role in ("", brief.expert.role):
        role = known.experts[name] or role
    return replace(brief, expert=Expert(name, role))


def set_text(brief: Brief, part: Literal["priority", "gap", "outcome"], text: str) -> Brief:
    """Return the brief with another priority, gap or outcome."""
    kept = plain(text) if part == "outcome" else one_line(text)
    return replace(brief, **{part: kept})  # type: ignore[arg-type]


def set_consent(brief: Brief, *, given: bool, shown_to: str) -> Brief:
    """Return the brief with what the expert agreed to; what was approved stays."""
    old = brief.consent
    noted_at = (old.noted_at if old.given else now()) if given else ""
    fresh: Consent = replace(old, given=given, shown_to=one_line(shown_to), noted_at=noted_at)
    return replace(brief, consent=fresh)


def tab_of(brief: Brief, prompt: Prompt) -> Tab:
    """Return in which tab a prompt stands: those that people keep asking have their own."""
    return "questions" if prompt.key == "question" and prompt.text in brief.questions else "expert"


def set_questions(state: BriefState, text: str) -> Brief:
    """Return the brief with the questions people keep asking, one a line; each is a prompt.

    A line that was only reworded keeps its prompt, and so its takes. A prompt that was answered is never
    removed: without its line it is only left out.

    Raises:
        BadInputError: One is as long as a page.
    """
    brief = state.brief
    wanted = distinct(plain(text).split("\n"))
    old = {each.text: each for each in state.prompts("questions")}
    free = [each for each in old.values() if each.text not in wanted]
    fresh = {each.text: each for each in guides.question_prompts(wanted)}
    kept: list[Prompt] = []
    for place, line in enumerate(wanted):
        same = old.get(line)
        if same is None:
            there = brief.questions[place] if place < len(brief.questions) else None
            reworded = next((each for each in free if each.text == there), None)
            if reworded is not None:
                free.remove(reworded)
                same = replace(reworded, text=line, title=line)
        kept.append(same or fresh[line])
    left = tuple(replace(each, included=False) for each in free if each.id in state.answered)
    return replace(brief, questions=wanted, prompts=(*state.prompts("expert"), *left, *kept))


def include(brief: Brief, prompt_id: str, *, included: bool) -> Brief:
    """Return the brief with a prompt ticked or not."""
    return _with(brief, prompt_id, lambda each: replace(each, included=included))


def reword(brief: Brief, prompt_id: str, *, text: str, hint: str) -> Brief:
    """Return the brief with a prompt in other words.

    Raises:
        BadInputError: There are no words, or as many as on a page.
    """
    said, below = one_line(text), one_line(hint)
    if not said:
        raise BadInputError("brief.no_words")
    if max(len(said), len(below)) > guides.MOST_CHARACTERS:
        raise BadInputError("brief.long_prompt", most=guides.MOST_CHARACTERS)
    old = next(each for each in brief.prompts if each.id == prompt_id)
    if said != old.text and any(each.text == said for each in brief.prompts):
        raise BadInputError("brief.asked_twice")
    asked = tab_of(brief, old) == "questions"
    questions = tuple(said if asked and each == old.text else each for each in brief.questions)
    title = said if old.title == old.text else old.title
    changed = _with(brief, prompt_id, lambda each: replace(each, text=said, hint=below, title=title))
    return replace(changed, questions=questions)


def move(state: BriefState, tab: Tab, *, row: int, to: int) -> Brief:
    """Return the brief with a prompt of a tab at another place of it."""
    own = list(state.prompts(tab))
    own.insert(to, own.pop(row))
    order = {
        "expert": state.prompts("expert"),
        "questions": state.prompts("questions"),
        tab: tuple(own),
    }
    questions = tuple(each.text for each in order["questions"])
    return replace(state.brief, prompts=order["expert"] + order["questions"], questions=questions)


def add_prompt(state: BriefState, tab: Tab) -> tuple[Brief, str]:
    """Return the brief with one more prompt at the end of a tab, and its id."""
    taken = {each.text for each in state.brief.prompts}
    base = messages.text("brief.new_prompt")
    text = next(each for n in range(1, 1000) if (each := base if n == 1 else f"{base} {n}") not in taken)
    fresh = Prompt(id=new_id("p"), key="question", text=text, title=text)
    if tab == "questions":
        (asked,) = guides.question_prompts([text])
        fresh = replace(asked, id=fresh.id)
        brief = replace(state.brief, questions=(*state.brief.questions, text))
        return replace(brief, prompts=(*state.brief.prompts, fresh)), fresh.id
    prompts = (*state.prompts("expert"), fresh, *state.prompts("questions"))
    return replace(state.brief, prompts=prompts), fresh.id


def remove_prompt(state: BriefState, prompt_id: str) -> Brief:
    """Return the brief without a prompt that nobody has answered."""
    gone = next(each for each in state.brief.prompts if each.id == prompt_id)
    asked = tab_of(state.brief, gone) == "questions"
    questions = tuple(each for each in state.brief.questions if not (asked and each == gone.text))
    prompts = tuple(each for each in state.brief.prompts if each.id != prompt_id)
    return replace(state.brief, prompts=prompts, questions=questions)


def use_guide(state: BriefState, guide: Guide) -> Brief:
    """Return the brief with the prompts of another guide; those that were answered stay, left out."""
    fresh = guides.fresh_prompts(guide)
    answered = [each for each in state.prompts("expert") if each.id in state.answered]
    asked = {each.text for each in fresh}
    kept = tuple(replace(each, included=False) for each in answered if each.text not in asked)
    again = {each.text: each for each in answered}
    prompts = tuple(again.get(each.text, each) for each in fresh)
    return replace(state.brief, guide=guide.id, prompts=(*prompts, *kept, *state.prompts("questions")))


def own_guide(state: BriefState, title: str) -> Guide:
    """Return the prompts of the first tab as a guide to keep and share."""
    return Guide(new_id("g"), one_line(title), state.prompts("expert"))


def _with(brief: Brief, prompt_id: str, change: Callable[[Prompt], Prompt]) -> Brief:
    prompts = tuple(change(each) if each.id == prompt_id else each for each in brief.prompts)
    return replace(brief, prompts=prompts)
