"""Say what went wrong in words that a producer can act on."""

from __future__ import annotations


class UserError(Exception):
    """Something the person can understand and do something about; anything else is a bug.

    The wording lives in ``assets/strings/en.toml`` under ``errors.<message_key>`` and says what happened,
    what is still safe and what to do next. The command line exits with ``exit_code``.

    Args:
        message_key: Dotted key below ``errors``; may be left out where the class carries one.
        params: Values for the ``{placeholders}`` of the text.
    """

    message_key: str = "unknown"
    exit_code: int = 1

    def __init__(self, message_key: str | None = None, /, **params: object) -> None:
        if message_key is not None:
            self.message_key = message_key
        self.params = params
        super().__init__(self.message_key, params)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message_key, self.params)


class BadInputError(UserError):
    """What was given cannot be used: nothing was written, the command line exits with 2."""

    exit_code = 2


def _rebuild(kind: type[UserError], message_key: str, params: dict[str, object]) -> UserError:
    return kind(message_key, **params)
