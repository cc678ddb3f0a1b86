"""Room 7: a case: what a template or a definition is given, and what must come of it. One format, ours and our users'."""
