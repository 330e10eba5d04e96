"""What may this expression be? Integers, lengths, static shapes, cells, each with where it comes from."""
