"""What do TensorFlow's calls return?"""
