"""Room 5: other people's documents become :mod:`vtlsim.gateway.model`.

Text in (through a Reader that is handed in), model out, with every problem and its place. No I/O of its own.
"""
