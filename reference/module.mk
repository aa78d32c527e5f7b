# The reference library mp.
