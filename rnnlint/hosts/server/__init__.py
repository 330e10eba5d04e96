"""What does an editor ask? Text as it is typed, over the Language Server Protocol; the only place that knows pygls."""
