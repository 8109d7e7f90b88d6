"""The seal of an authority: its picture, its key, and the signature that keeps a file as it is."""
