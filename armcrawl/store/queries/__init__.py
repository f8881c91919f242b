"""Questions for people and programs: search, histories, exports, statistics, states. They only read.

What writers must know stands with what they write, in the rooms below.
"""
