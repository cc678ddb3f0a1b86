"""Coverage of templates, counted from watched renderings.

What may live here: what of a template can run (places.py), what did (counting.py), and how that is shown (report.py,
pages.py). It is right for templates on one line too, where coverage.py can only tell lines.
"""
