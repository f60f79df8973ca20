"""One widget file and one presenter a screen."""
