"""What do Keras layers and models return?"""
