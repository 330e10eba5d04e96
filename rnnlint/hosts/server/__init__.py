"""What does an editor ask for? Findings in text as it is typed, over the Language Server Protocol; only this room uses
pygls."""
