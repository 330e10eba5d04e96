"""What does a program add to its graph? Runs a user's program, and records its recurrent calls."""
