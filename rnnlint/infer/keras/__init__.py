"""What do Keras layers and models give?"""
