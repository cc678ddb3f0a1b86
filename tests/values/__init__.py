"""Room 1's tests. ``words`` is how values are written for Java and in the fixtures, ``oracle`` asks Java, ``samples``
makes up what to ask."""
