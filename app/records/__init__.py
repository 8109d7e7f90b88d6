"""Credit records and their versions, measures, sanctions, holds and the four switches."""
