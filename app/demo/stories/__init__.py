"""What happened in the demonstration city: one generator for each case, by how far it came.

A story does what is done on a day and yields how many working days pass until it goes on.
"""
