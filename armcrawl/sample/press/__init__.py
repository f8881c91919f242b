"""The second sample portal: a made-up trade journal without numbers, a function of address and moment.

`articles` is what an article is and what happens to it, `own`, `reprints` and `generator` where the texts come from,
`chronicle` what the journal shows at a moment, `portal` what it answers, `truth` what must be read there.
"""
