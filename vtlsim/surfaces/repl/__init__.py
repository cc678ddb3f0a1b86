"""The REPL: every line is VTL and state persists; commands begin with a colon.

What may live here: the session (line in, reply out; it touches no terminal), what it is made of, and the prompt that
runs it in a terminal or a pipe.
"""
