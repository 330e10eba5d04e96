"""What does a module look like with Keras layers instead of legacy cells? One question per file."""
