"""Inputs that nobody meant: made by mutation, checked for what must always hold. `make fuzz` tells how to replay one."""
