"""The parts of the Studio screen."""
