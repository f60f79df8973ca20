"""The parts of the Details screen."""
