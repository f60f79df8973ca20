"""What a learner does to the video of a page."""


def play(frame, *, at_s=None, rate=1):
    """Let it run, silently, from a second on."""
    frame.evaluate(
        "([at, rate]) => { const v = document.querySelector('video'); v.muted = true; v.playbackRate = rate;"
        " if (at !== null) v.currentTime = at; return v.play() }",
        [at_s, rate],
    )


def pause(frame):
    """Let it rest."""
    frame.evaluate("() => document.querySelector('video').pause()")


def until(frame, condition, timeout_ms=12000):
    """Wait for what is said of the video ``v``."""
    frame.wait_for_function(
        f"() => {{ const v = document.querySelector('video'); return {condition} }}", timeout=timeout_ms
    )
