"""The window, the command line, and what they share: the only package that knows Qt."""
