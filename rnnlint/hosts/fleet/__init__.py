"""How are many repositories checked, stored in a table or in a folder of checkouts?"""
