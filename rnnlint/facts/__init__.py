"""What is true of TensorFlow? Data with sources; this package imports nothing else of rnnlint."""
