"""What did people write? Files, encodings, notebooks and Python 2 sources, as syntax trees with places."""
