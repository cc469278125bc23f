"""The benchmark: our pages and acts against a bare Flask + Jinja page of the same rows and bytes, pair by pair.

Run by `make bench`. It prints ratios, never absolute goals: a ratio holds on any machine, a millisecond does not.
"""
