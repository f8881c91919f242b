"""Spiders: which pages to ask for, and nothing else."""
