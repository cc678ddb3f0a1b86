r"""What is plain in a template: whole runs that one pattern recognises, where cutting them token by token says the same.

What may live here: patterns, each with the reason why nothing around what it matches can change what that means. All
else is cut one token at a time. No pattern gives back what it has taken: reading stays linear in the text.

A reference without indices and calls is lexed in the states REFERENCE and REFMODIFIER. Both end at the first character
that continues no reference, which is then lexed in the state below, as if there had been no reference. All characters
do so but these:

- a dot may go on with the reference, and so may brackets of all kinds;
- ``$``, and backslashes before it, begin a reference on top of one that ended with a property;
- ``#set(``, with blanks before it, begins on top of any reference, and so may comments and text blocks. Another
  directive ends the reference and begins in the state below, unless that is one of the same two.

The names ``true`` and ``false`` are tokens of other kinds. No pattern excludes them: who uses one looks for them.
"""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = "[A-Za-z_][A-Za-z0-9_-]*+"
_LINE_END: Final = r"(?:[ \t]*(?:\r\n|\n|\r))?"

# -- text -------------------------------------------------------------------------------------------------------------

plain_run = re.compile(
    r"((?![ \t]+\#[s{])[^$#\\]++)?"
    rf"(?:\$(!?)(\{{)?({_NAME})((?:\.[A-Za-z][A-Za-z0-9_-]*+)*+)(?(3)\}}|(?![$\\\[{{}}(.]|[ \t]*\#(?![eif]))))?"
).match
"""In text, text and the reference behind it: text, bang, bracket, name, properties. After it the state is that of text
again."""

# -- inside parentheses -----------------------------------------------------------------------------------------------

plain_steps = re.compile(r"((?:\.[A-Za-z][A-Za-z0-9_-]*+(?![(#$\\]))*+)((?![#$\\\[{}(.]|[ \t]+\#))?").match
"""The properties of a reference, from behind its name, in any state. A name may be a method's where a parenthesis
follows, or something that vanishes before one. Group 2 matches where the reference ends there."""

plain_head = re.compile(rf" *+(\()?+ *+(\${_NAME}) *+(=(?!=)|in(?![A-Za-z0-9_@]))").match
"""What follows ``#set(`` or ``#foreach`` up to the value: parenthesis, variable, ``=`` or ``in``."""

plain_value = re.compile(
    r" *+("
    rf"\$(!?)({_NAME})((?:\.[A-Za-z][A-Za-z0-9_-]*+)*+)"
    r"|(-?[0-9]{1,18}+)"
    r"|'([^']*+)'(?!')"
    r'|"([^"$#\\]*+)"(?!")'
    rf") *+(?:(\){_LINE_END})|([=!<>]=|[<>+*/%]|&&|\|\|))"
).match
"""In the state DIRECTIVE and inside parentheses, a value with the blanks around it, and the parenthesis or the
operator behind it: the value; if it is a reference, its bang, name and properties; if it is a number or a string, that;
parenthesis, operator. Both end a reference, and neither begins a call of a method."""
