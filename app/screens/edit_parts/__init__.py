"""The parts of the Edit screen."""
