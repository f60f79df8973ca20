"""The parts of the Publish screen."""
