"""Everything that brings takes onto the disk: devices, recorder, import, probe, ffmpeg."""
