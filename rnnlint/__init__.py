"""What is rnnlint? A static analyser that finds legacy TensorFlow RNN APIs and says what replaces them."""

__version__ = "0.1.0"
