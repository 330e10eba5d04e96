"""What may an expression be, without knowledge of any library?"""
