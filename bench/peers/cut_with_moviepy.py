"""Cut a file with MoviePy as its documentation shows, for ``bench/cut.py``, in an environment of its own.

Usage: ``python cut_with_moviepy.py SOURCE OUT START-END...`` in seconds.
"""

import sys

from moviepy import VideoFileClip, concatenate_videoclips  # type: ignore[import-not-found]

source, out, *stretches = sys.argv[1:]
with VideoFileClip(source) as clip:
    parts = [clip.subclipped(*map(float, each.split("-"))) for each in stretches]
    concatenate_videoclips(parts).write_videofile(
        out,
        codec="libx264",
        audio_codec="aac",
        preset="superfast",
        threads=2,
        ffmpeg_params=["-crf", "23", "-vf", "scale=1280:720"],
        logger=None,
    )
