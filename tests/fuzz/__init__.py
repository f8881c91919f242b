"""Inputs that nobody meant, made by mutation, and what must hold for all; `make fuzz` tells how to replay one."""
