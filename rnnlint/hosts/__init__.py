"""Who asks? flake8, pylint, the command line and editors: thin adapters around the engine."""
