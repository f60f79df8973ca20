"""Packages: one file per target, built from the frozen record of a version."""
