"""Which recurrent code computes something else than what it was written for?"""
