"""How well Russian is read: corpora of our own, floors that are held, baselines beside us."""
