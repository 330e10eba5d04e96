"""How are many repositories checked, whose files lie in a table or in a folder of checkouts?"""
