"""The frame around every screen: stage bar, status bar, messages, keys, settings."""
