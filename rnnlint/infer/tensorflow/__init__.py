"""What do TensorFlow's calls give?"""
