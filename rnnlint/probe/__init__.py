"""Does TensorFlow really do that? What the rules claim, measured on the TensorFlow that is installed."""
