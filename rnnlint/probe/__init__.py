"""Is that true of TensorFlow? Measures what the rules claim on the installed TensorFlow."""
