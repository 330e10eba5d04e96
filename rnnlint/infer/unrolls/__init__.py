"""Which calls and layers copy a cell into the graph for each time step, and at what cost?"""
