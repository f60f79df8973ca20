"""What the three checks of the first run say, without a widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app import doctor, messages
from app.doctor import Finding
from capture.device_check import Look
from editor import models

ModelState = Literal["ready", "at_hand", "missing"]


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One kind of device: what was found of it, the usable ones first."""

    findings: tuple[Finding, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What can be chosen among."""
        return tuple(each.detail for each in self.findings if each.detail)

    @property
    def ready(self) -> bool:
        """Whether one of them works."""
        return any(each.ok for each in self.findings)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The model that writes captions, and whether it is here."""

    title: str
    size_bytes: int
    state: ModelState


def device_card(look: Look, key: Literal["camera", "microphone"]) -> DeviceCard:
    """Return what was found of cameras or of microphones."""
    found = [each for each in doctor.device_findings(look) if each.key in (key, "devices")]
    return DeviceCard(tuple(sorted(found, key=lambda each: not each.ok)))


def model_card(name: str) -> ModelCard:
    """Return whether a model is set up, could be without a network, or has to be brought."""
    model = models.known_model(name)
    if any(each.name == name for each in models.installed()):
        state: ModelState = "ready"
    else:
        state = "at_hand" if models.is_available(model) else "missing"
    return ModelCard(model.title, model.size_bytes, state)


def badge(*, ready: bool, checking: bool) -> str:
    """Return the word in the corner of a card."""
    return messages.text(f"first_run.{'checking' if checking else 'ready' if ready else 'look'}")
