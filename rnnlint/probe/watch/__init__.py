"""What does a program do to its graph? A user's program run with its recurrent calls watched, and a record of them."""
