"""The server that people keep running: the gateway over HTTP, the page that tells what happened, the journal.

What may live here: `vtlsim serve`. Nothing of this package is imported by other commands; it needs the extra `server`.
"""
