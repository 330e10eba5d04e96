"""What do recurrent layers and runners do with padded sequences?"""
