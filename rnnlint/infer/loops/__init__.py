"""Which Python loops run a cell over time?"""
