"""What is true of TensorFlow? Data with a source; nothing of ours is imported here."""
