"""What may this expression be? Integers, lengths, static shapes and cells, each with its origin in the code."""
