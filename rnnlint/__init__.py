"""What is rnnlint? A static analyser that finds legacy TensorFlow RNN APIs and says what replaces them."""

__version__ = "0.1.0"


def register(linter: object) -> None:
    """For ``pylint --load-plugins=rnnlint``; imports the host here, so that nobody else needs pylint."""
    from rnnlint.hosts import pylint

    pylint.register(linter)


def load_configuration(linter: object) -> None:
    """For pylint, when it knows the values of its options."""
    from rnnlint.hosts import pylint

    pylint.load_configuration(linter)
