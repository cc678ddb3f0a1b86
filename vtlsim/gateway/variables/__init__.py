"""What a mapping template sees: one file per variable.

What may live here: the objects and maps behind ``$input``, ``$util``, ``$context``, ``$stageVariables`` and
``$method``, and the list of what their members are called. They hold the values of one request; nothing here decides
what happens to it.
"""
