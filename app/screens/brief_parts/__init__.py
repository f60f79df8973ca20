"""The parts of the Brief screen."""
