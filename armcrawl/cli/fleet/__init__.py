"""Commands of a fleet: many sites on many machines."""
