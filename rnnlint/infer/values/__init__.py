"""What may an expression be, knowing no library?"""
