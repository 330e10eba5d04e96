"""How do the weights of a legacy cell get from a checkpoint into a Keras layer?"""
