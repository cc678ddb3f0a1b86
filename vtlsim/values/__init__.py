"""Room 1: how a value looks to Java, and JSON text as json-smart reads and writes it.

What may live here: the Python stand-in of each Java type that a template can hold (:mod:`~vtlsim.values.objects`,
:mod:`~vtlsim.values.numbers`, :mod:`~vtlsim.values.collections`), what Java and Velocity 1.7 do with any two of them
(:mod:`~vtlsim.values.text`, :mod:`~vtlsim.values.truth`, :mod:`~vtlsim.values.order`,
:mod:`~vtlsim.values.arithmetic`), and the text of JSON documents (:mod:`~vtlsim.values.json_reader`,
:mod:`~vtlsim.values.json_writer`). Nothing here knows of templates, paths or requests, and nothing touches the world.

The stand-ins:

=========================  ==========================================================================================
null, Boolean, String      None, bool, str (which may hold lone surrogates)
Character                  :class:`vtlsim.values.text.Character`
Integer, Long, BigInteger  exact ``int``, the type being the narrowest that holds it; :mod:`~vtlsim.values.numbers` has
                           subclasses for the others
Double, Float, BigDecimal  ``float``, :class:`vtlsim.values.numbers.Float`, ``decimal.Decimal``
LinkedHashMap, ArrayList   exact ``dict`` and ``list``; keys that are no String or Integer: ``collections.key_of``
other collections          :mod:`vtlsim.values.collections`
anything else              a subclass of :class:`vtlsim.values.objects.JavaObject`
=========================  ==========================================================================================
"""
