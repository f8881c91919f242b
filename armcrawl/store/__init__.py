"""The store: all SQL of the project, in rooms whose arrows go one way (`make lint` checks it).

`base` is the ground; `ledger`, `clusters`, `entities` know one thing each; `articles` writes histories, `runs` decides
what of them is shown, `queries` reads for people and programs, `admin` cares for whole databases.
"""
