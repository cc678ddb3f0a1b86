"""A session: a line in, a reply out.

What may live here: the lines of VTL and what they leave behind, and the list of commands. It touches no terminal and,
but through the Files it is handed, no disk. What the debugger's commands do is in debugging.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from vtlsim.cases.case import TEMPLATE_SIGNS
from vtlsim.surfaces.repl.debugging import Debugging
from vtlsim.surfaces.repl.situation import GROUPS, PLAIN, Situation, UnknownSettingError
from vtlsim.velocity.errors import TemplateSyntaxError, VelocityError

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.cases.case import Case
    from vtlsim.gateway.findings import BodyRendered, RenderFailed
    from vtlsim.gateway.model import TemplateText

Kind: TypeAlias = Literal["output", "note", "error"]

LINE_NAME: Final = "line"
"""What messages call a line that was typed."""


class Reply(NamedTuple):
    """What came of a line. ``more`` asks for the rest of a directive; ``done`` ends the session."""

    text: str = ""
    kind: Kind = "output"
    note: str = ""
    more: bool = False
    done: bool = False


class Files(Protocol):
    """The disk, as far as a session needs it. Paths are as typed. Each raises FilesError."""

    def read(self, path: str) -> str | None:
        """A file's text; None where there is no such file."""
        ...

    def write(self, path: str, text: str) -> None:
        """Writes a file."""
        ...

    def case(self, place: str) -> tuple[Case, str | None, str]:
        """The case that ``FILE::NAME`` means, the path of its template (None: it has the text itself), its file."""
        ...

    def check(self, path: str, text: str, name: str) -> str:
        """Runs one case of a case file that would have this text; what is wrong with it, or nothing."""
        ...


class FilesError(Exception):
    """A file cannot be had. The text says why."""


class Session:
    """One session. ``width`` is that of the terminal, in columns; it may be changed at any time."""

    def __init__(self, files: Files, width: int = 80) -> None:
        self.files = files
        self.width = width
        self.situation = Situation()
        self.template: TemplateText | None = None
        self.template_path: str | None = None
        self.case_file: str | None = None
        self.variables: dict[str, Any] = self.situation.variables()
        self.tracing = False
        self.debugging = Debugging(self)
        self._pending: list[str] = []
        self._typed: list[str] = []
        self._own: set[str] = set()
        """The variables that lines have set."""

    # -- lines --------------------------------------------------------------------------------------------------------

    @property
    def prompt(self) -> str:
        """What stands before the next line."""
        if self._pending:
            return "...> "
        where = self.debugging.line
        return "vtl> " if where is None else f"{where}> "

    def feed(self, line: str) -> Reply:
        """The reply to a line. It never raises for what a person typed."""
        line = line.rstrip("\r\n")
        if not self._pending:
            if not line.strip():
                return Reply()
            if line.lstrip().startswith(":"):
                return self._command(line.strip())
        try:
            return self._vtl(line)
        except RecursionError:
            self._pending.clear()
            return Reply("nested too deeply", "error")

    def interrupt(self) -> None:
        """Forgets what was begun."""
        self._pending.clear()

    def _vtl(self, line: str) -> Reply:
        from vtlsim.explain.console import fault

        text = "\n".join([*self._pending, line])
        try:
            from vtlsim.velocity.template import Template

            template = Template(text, LINE_NAME)
        except TemplateSyntaxError as error:
            if line.strip() and unfinished(error):
                self._pending.append(line)
                return Reply(more=True)
            self._pending.clear()
            return Reply(fault(error.source, error.span, error.message, expected=error.expected), "error")
        self._pending.clear()
        return self._rendered(template, text)

    def _rendered(self, template: Any, text: str) -> Reply:
        from vtlsim.explain.console import fault
        from vtlsim.gateway.model import TemplateText
        from vtlsim.velocity.watch import Watch

        scope = self.debugging.variables()
        paused = scope is not None
        if scope is None:
            scope = self.variables
        before = dict(scope)
        watch = Watch()
        try:
            output = template.render_in(scope, watch=watch)
        except VelocityError as error:
            return Reply(fault(error.source, error.span, error.message), "error")
        if not paused:
            self._typed.append(text)
            self._own |= {name for name, value in scope.items() if before.get(name) is not value}
        notes = self._notes(template, text, scope, output)
        if self.tracing:
            from vtlsim.explain.seen import lines

            notes = "\n".join(part for part in (notes, *lines(TemplateText(text, LINE_NAME), watch.sightings)) if part)
        return Reply(output, "output", notes)

    def _notes(self, template: Any, text: str, scope: dict[str, Any], output: str) -> str:
        """What a line that prints nothing did."""
        from vtlsim.explain.why import described
        from vtlsim.velocity import nodes as n

        made = []
        statements = template.tree.statements
        for node in statements:
            if isinstance(node, n.SetDirective) and not node.target.steps:
                value = scope.get(node.key)
                if value is not None:
                    made.append(f"${node.key} = {described(value)}")
        if not output and len(statements) == 1 and isinstance(statements[0], n.Reference):
            made.append(f"it printed nothing; :why {text.strip()}")
        return "\n".join(made)

    # -- commands -----------------------------------------------------------------------------------------------------

    def _command(self, line: str) -> Reply:
        word, _, rest = line[1:].partition(" ")
        command = COMMANDS.get(word) or COMMANDS.get(ALIASES.get(word, ""))
        if command is None:
            from vtlsim.config.problems import nearest

            near = nearest(word, COMMANDS)
            hint = f"did you mean :{near}?" if near is not None else ":help lists the commands"
            return Reply(f"there is no command :{word}; {hint}", "error")
        try:
            return command.run(self, rest.strip())
        except (FilesError, UnknownSettingError) as error:
            return Reply(str(error), "error")
        except VelocityError as error:
            from vtlsim.explain.console import fault

            return Reply(fault(error.source, error.span, error.message), "error")

    def refresh(self) -> None:
        """Makes the variables anew after a change of the situation; those that lines have set stay."""
        own = {name: self.variables[name] for name in self._own if name in self.variables}
        self.variables = self.situation.variables()
        self.variables.update(own)
        self.debugging.stop()

    def open_template(self, path: str) -> None:
        """Takes a template from its file. Raises FilesError."""
        from vtlsim.gateway.model import TemplateText

        text = self.files.read(path)
        if text is None:
            raise FilesError(f"{path}: no such file")
        self.template = TemplateText(text, path)
        self.template_path = path
        self.debugging.stop()

    def open_case(self, place: str) -> None:
        """Takes the situation of a case, and its template where none is open yet. Raises FilesError."""
        case, path, file = self.files.case(place)
        if case.definition is not None:
            raise FilesError(f"{place} is a case of a definition; the REPL works on one template")
        self.situation = Situation(case)
        self.case_file = file
        if path is not None:
            self.open_template(path)
        elif case.template is not None:
            from vtlsim.gateway.model import TemplateText

            self.template, self.template_path = TemplateText(case.template, case.name), None
        self.refresh()

    def current(self) -> TemplateText:
        """The open template, read anew from its file; without one, the lines typed so far. Raises FilesError."""
        from vtlsim.gateway.model import TemplateText

        if self.template_path is not None:
            self.open_template(self.template_path)
        if self.template is not None:
            return self.template
        if not self._typed:
            raise FilesError("there is no template: :template FILE opens one, or type some lines")
        return TemplateText("\n".join(self._typed), "lines")

    @property
    def typed(self) -> str:
        """The lines of VTL that were typed and rendered."""
        return "\n".join(self._typed)

    def forget(self) -> None:
        """Begins again: no variables, no lines."""
        self._typed.clear()
        self._own.clear()
        self.refresh()


def unfinished(error: TemplateSyntaxError) -> bool:
    """Whether more lines could mend the text."""
    return error.message.startswith("the template ends here") or error.message.endswith("is not closed")


class Command(NamedTuple):
    """A command: what it takes, what it does in a line, and the doing."""

    arguments: str
    about: str
    run: Callable[[Session, str], Reply]


def _help(session: Session, rest: str) -> Reply:
    del session
    if rest:
        word = rest.removeprefix(":")
        command = COMMANDS.get(ALIASES.get(word, word))
        return Reply(f"there is no :{word}", "error") if command is None else Reply(_usage(word, command), "note")
    lines = ["Every line is VTL; variables stay. An empty line ends an unfinished one.", ""]
    lines += [_usage(word, command) for word, command in COMMANDS.items()]
    return Reply("\n".join(lines), "note")


def _usage(word: str, command: Command) -> str:
    head = f":{word} {command.arguments}".rstrip()
    return f"  {head:<26} {command.about}"


def _load(session: Session, rest: str) -> Reply:
    if not rest:
        raise FilesError(":load FILE.vtltest.yaml, FILE::NAME, or a folder")
    session.open_case(_unquoted(rest))
    case = session.situation.case
    opened = "" if session.template is None else f", template {session.template.name}"
    return Reply(f"case {case.name}{opened}", "note")


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _template(session: Session, rest: str) -> Reply:
    if rest:
        session.open_template(_unquoted(rest))
    template = session.current()
    numbered = [f"{at:>4} | {line}" for at, line in enumerate(template.text.splitlines(), 1)]
    from vtlsim.explain.excerpt import printable

    return Reply("\n".join(printable(line) for line in numbered), "note", template.name)


def _run(session: Session, rest: str) -> Reply:
    del rest
    from vtlsim.explain.cautions import block, cautions
    from vtlsim.explain.console import failure, trace
    from vtlsim.gateway.findings import RenderFailed

    found = render(session)
    notes = trace((found,)) if session.tracing else ""
    if isinstance(found, RenderFailed):
        return Reply(failure(found), "error", notes)
    notes = "\n".join(part for part in (notes, *(block(each) for each in cautions(found))) if part)
    return Reply(found.text, "output", notes)


def render(session: Session) -> BodyRendered | RenderFailed:
    """The open template in the present situation, watched."""
    return session.situation.call(session.current()).run(watched=True)


def _path(session: Session, rest: str) -> Reply:
    from vtlsim.explain.phrases import counted
    from vtlsim.explain.why import missing_path
    from vtlsim.jsonpath import JsonPathError, PathNotFoundError, engine
    from vtlsim.values.json_writer import write
    from vtlsim.values.objects import JavaException

    if not rest:
        return Reply(":path $.items[*]", "error")
    given = session.variables["input"]
    try:
        document = given.document
        compiled = engine(session.situation.case.jsonpath)(rest)
        value = compiled.read(document)
    except JavaException as error:
        return Reply(f"the body cannot be read as JSON: {error.message}", "error")
    except PathNotFoundError:
        return Reply("\n".join(missing_path(rest, given)), "note")
    except JsonPathError as error:
        return Reply(f"{rest}: {error}", "error")
    if compiled.definite:
        kind = "definite: the value itself"
    else:
        kind = f"indefinite: a list of {counted(len(value) if isinstance(value, list) else 1, 'hit')}"
    return Reply(write(value), "output", kind)


def _type(session: Session, rest: str) -> Reply:
    from vtlsim.explain.why import described, evaluate

    if not rest:
        return Reply(":type $x", "error")
    value = evaluate(rest if rest[0] in "$\"'[{(" or rest[0].isdigit() else f"${rest}", _scope(session))
    if value is None:
        return Reply(f"{rest} is null; :why {rest}", "note")
    return Reply(described(value), "note")


def _why(session: Session, rest: str) -> Reply:
    from vtlsim.explain.why import NotAReferenceError, why

    if not rest:
        return Reply(":why $x.price", "error")
    try:
        return Reply("\n".join(why(rest, _scope(session))), "note")
    except NotAReferenceError as error:
        return Reply(str(error), "error")


def _scope(session: Session) -> dict[str, Any]:
    return session.debugging.variables() or session.variables


def _vars(session: Session, rest: str) -> Reply:
    del rest
    from vtlsim.explain.why import BUILT_IN, described

    scope = _scope(session)
    hidden = {*BUILT_IN, "foreach", "velocityCount", "velocityHasNext"}
    own = [f"${name} = {described(value)}" for name, value in scope.items() if name not in hidden]
    loop = scope.get("foreach")
    if loop is not None:
        own.append(f"$foreach.index = {loop.index}")
    given = ", ".join(f"${name}" for name in BUILT_IN if name in scope)
    return Reply("\n".join(own) if own else "no variables yet", "note", f"and {given}")


def _set(session: Session, rest: str) -> Reply:
    case = session.situation.case
    if not rest:
        names = ", ".join((*PLAIN, *(f"{each}.NAME" for each in dict.fromkeys(GROUPS.values()))))
        body = "none" if case.body is None else case.body
        stage = case.context.get("stage", "test")
        return Reply(f"body = {body}\nstage = {stage}\nphase = {case.phase}\nthere are {names}", "note")
    name, equals, value = rest.partition("=")
    if not equals:
        raise UnknownSettingError(':set NAME=VALUE, such as stage=prod, header.X-Tenant=acme or body={"a": 1}')
    value = _unquoted(value.strip())
    if name.strip() == "body" and value.startswith("@"):
        read = session.files.read(value[1:])
        if read is None:
            raise FilesError(f"{value[1:]}: no such file")
        value = read
    session.situation.set(name.strip(), value)
    session.refresh()
    return Reply(f"{name.strip()} = {value}", "note")


def _trace(session: Session, rest: str) -> Reply:
    if rest not in {"on", "off", ""}:
        return Reply(":trace on or :trace off", "error")
    session.tracing = rest == "on" if rest else not session.tracing
    return Reply(f"trace {'on' if session.tracing else 'off'}", "note")


def _diff(session: Session, rest: str) -> Reply:
    from vtlsim.surfaces.repl.comparing import against_airspeed, against_case, has_expectation

    if rest not in {"", "airspeed"}:
        return Reply(":diff, or :diff airspeed", "error")
    text, same = (against_airspeed if rest or not has_expectation(session) else against_case)(session)
    return Reply(text, "note" if same else "output")


def _save(session: Session, rest: str) -> Reply:
    from vtlsim.surfaces.repl.keeping import save

    return Reply(save(session, rest), "note")


def _reset(session: Session, rest: str) -> Reply:
    del rest
    session.forget()
    return Reply("no variables, no lines", "note")


def _quit(session: Session, rest: str) -> Reply:
    del session, rest
    return Reply(done=True)


def _debug(name: str) -> Callable[[Session, str], Reply]:
    def run(session: Session, rest: str) -> Reply:
        text, kind = getattr(session.debugging, name)(rest)
        return Reply(text, kind)

    return run


COMMANDS: Final[dict[str, Command]] = {
    "help": Command("[COMMAND]", "this list", _help),
    "load": Command("CASEFILE::NAME", "take the request (and the template) of a case", _load),
    "template": Command("[FILE]", "open a template; without FILE, show it", _template),
    "run": Command("", "render the template", _run),
    "set": Command("[NAME=VALUE]", "change body, stage, header.X, query.q, path.id, context.a.b, phase, engine", _set),
    "vars": Command("", "the variables and their values", _vars),
    "path": Command("$.items[*]", "read a JSON path from the body", _path),
    "type": Command("$x", "a value with its Java class", _type),
    "why": Command("$x.price", "why a reference prints nothing, with the nearest names", _why),
    "trace": Command("on|off", "show what each line does", _trace),
    "diff": Command("[airspeed]", "the output against the case's expectation, or stock airspeed's output", _diff),
    "save": Command('[FILE] case "NAME"', "append this as a case to the case file", _save),
    "break": Command("[LINE]", "stop there; again: no more; without LINE: the list", _debug("break_at")),
    "step": Command("", "go to the next line that runs", _debug("step")),
    "next": Command("", "the same, over a loop that begins here", _debug("next")),
    "continue": Command("", "go to the next breakpoint", _debug("proceed")),
    "back": Command("", "go back one line", _debug("back")),
    "watch": Command("[EXPR]", "show an expression at every stop; again: no more", _debug("watch")),
    "reset": Command("", "forget variables and lines", _reset),
    "quit": Command("", "leave (or Ctrl-D)", _quit),
}
ALIASES: Final = {
    "h": "help", "?": "help", "q": "quit", "exit": "quit", "b": "break", "s": "step", "n": "next", "c": "continue",
    "t": "template", "r": "run", "l": "load", "w": "why",
}  # fmt: skip


def is_template_text(text: str) -> bool:
    """Whether a text would be taken for a template rather than a file's name."""
    return not TEMPLATE_SIGNS.isdisjoint(text)
