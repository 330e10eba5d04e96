"""What do recurrent layers and runners make of padded sequences?"""
