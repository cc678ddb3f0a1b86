"""What Java's own classes do when a template calls their methods, type by type.

What may live here: for each Java type a table from a method's signature to a function of this package, and what those
functions need: how Velocity 1.7 chooses among overloads, Java's regular expressions, ``String.format``, Java's
character tables. A function gets values as :mod:`vtlsim.values` defines them and gives such values back; "" is what a
``void`` method gives. Whatever is in no table cannot be called: nothing of Python is reachable, by any name.

:mod:`vtlsim.velocity.methods` is the room's face; nothing else imports from here.
"""
