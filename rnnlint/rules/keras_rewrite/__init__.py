"""What does a module look like that runs Keras layers in place of legacy cells? One question a file."""
