"""Other people's programs beside ours, on the same pages, texts and questions.

They live in an environment of their own (`.venv-peers`, which `make bench-peers` makes of `requirements.txt`), each in
a process of its own, which `asking.py` asks. What runs in there imports nothing of ours but `serving.py`: the files
`readers.py`, `full_text.py` and `minhash.py`.
"""
