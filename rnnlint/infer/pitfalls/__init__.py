"""Which recurrent code computes something else than intended?"""
