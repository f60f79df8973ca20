"""Everything between takes and packages: library, cut list, captions, sound, render."""
