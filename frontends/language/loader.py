"""From files to programs: a module, the modules it imports, and the names each may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from ...core.errors import FileFault, NameFault, Span, closest, suggestion
from ...core.operation import Operation
from . import syntax
from .parse import parse
from .scope import Definition, Module, TypeName, twice

SUFFIX = ".pull"
TEXT = "<text>"
"""What a program that comes from no file is called."""

LIBRARY = Path(__file__).parents[2] / "stdlib"
"""Where the programs of the standard library lie: every program can import them."""


@dataclass
class Files:
    """The file system as it was when each file was first asked for. What was seen decides what a program is."""

    seen: dict[str, bytes | None] = field(default_factory=dict)
    """The content by absolute path; None where there is no file."""

    def content(self, path: Path) -> bytes | None:
        """What a file holds, None where there is none. Raises OSError for one that cannot be read."""
        key = os.path.abspath(path)
        if key not in self.seen:
            self.seen[key] = path.read_bytes() if path.is_file() else None
        return self.seen[key]


@dataclass(frozen=True)
class Program:
    """A module with everything it imports, ready to be elaborated (`elaborate.py`)."""

    module: Module

    @property
    def path(self) -> str:
        return self.module.path

    @property
    def functions(self) -> Mapping[str, Definition]:
        """The functions by name, those imported by name among them."""
        return self.module.functions

    @property
    def defined(self) -> tuple[str, ...]:
        """The names of the functions written in this file, in order."""
        return tuple(i.name for i in self.module.tree.items if isinstance(i, syntax.Function))

    @property
    def types(self) -> Mapping[str, TypeName]:
        return self.module.types

    @property
    def tests(self) -> tuple[syntax.Test, ...]:
        return self.module.tests


def load(
    path: str | Path, folders: Sequence[str | Path] = (), operations: Mapping[str, Operation] = MappingProxyType({}),
    files: Files | None = None, types: Mapping[str, str] = MappingProxyType({}),
) -> Program:
    """The program in a file. Imports are looked for beside the file that has them, in ``folders``, and in the library.
    ``operations`` are such as the language does not have, by the names it and what it imports may call them; ``types`` says
    what types that they name are instead.

    Raises FileFault, SyntaxFault, or NameFault for names defined twice, imports that go in a circle, and types nobody names."""
    file = Path(path)
    loader = _Loader(tuple(map(Path, folders)), operations, files or Files(), types)
    return loader.program(loader.read(file, None), str(path), file.parent, (_key(file),))


def load_text(
    text: str, path: str = TEXT, folder: str | Path = ".", folders: Sequence[str | Path] = (),
    operations: Mapping[str, Operation] = MappingProxyType({}), files: Files | None = None,
    types: Mapping[str, str] = MappingProxyType({}),
) -> Program:
    """The program a text says; ``path`` is its name in errors, ``folder`` where it imports from."""
    loader = _Loader(tuple(map(Path, folders)), operations, files or Files(), types)
    return loader.program(text, path, Path(folder), ())


def of_tree(tree: syntax.Module) -> Program:
    """The program that a tree is, which imports nothing outside the current folder."""
    return Program(_Loader((), MappingProxyType({}), Files(), MappingProxyType({})).of_tree(tree, TEXT, Path("."), ()))


def _key(file: Path) -> str:
    return str(file.resolve())


@dataclass
class _Loader:
    """One loading: every file is read once."""

    folders: tuple[Path, ...]
    operations: Mapping[str, Operation]
    files: Files
    types: Mapping[str, str]
    modules: dict[str, Module] = field(default_factory=dict)
    retyped: set[str] = field(default_factory=set)

    def program(self, text: str, path: str, folder: Path, way: tuple[str, ...]) -> Program:
        module = self.module(text, path, folder, way)
        for name in self.types:
            if name not in self.retyped:
                raise NameFault("PB0208", f"no type `{name}` is defined in {path}, to be another one",
                                hint=suggestion(name, module.types))
        return Program(module)

    def read(self, file: Path, span: Span | None) -> str:
        try:
            content = self.files.content(file)
            text = (file.read_bytes() if content is None else content).decode("utf-8")
        except FileNotFoundError:
            raise FileFault("PB0801", f"there is no file {file}", span, _near(file)) from None
        except UnicodeDecodeError:
            raise FileFault("PB0802", f"{file} is no text in UTF-8", span) from None
        except OSError as problem:
            raise FileFault("PB0801", f"{file} cannot be read: {problem.strerror}", span) from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def is_there(self, file: Path) -> bool:
        try:
            return self.files.content(file) is not None
        except OSError:  # it is, and `read` says what is wrong with it
            return True

    def module(self, text: str, path: str, folder: Path, way: tuple[str, ...]) -> Module:
        return self.of_tree(parse(text, path), path, folder, way)

    def of_tree(self, tree: syntax.Module, path: str, folder: Path, way: tuple[str, ...]) -> Module:
        functions: dict[str, Definition] = {}
        types: dict[str, TypeName] = {}
        modules: dict[str, Module] = {}
        spans: dict[str, Span] = {}

        def claim(name: str, span: Span) -> None:
            if name in spans:
                raise twice(name, span, spans[name])
            spans[name] = span

        for item in tree.items:
            match item:
                case syntax.Import():
                    self._import(item, folder, way, claim, functions, types, modules)
                case syntax.Function():
                    claim(item.name, item.span)
                    functions[item.name] = Definition(item)
                case syntax.TypeDefinition():
                    claim(item.name, item.span)
                    types[item.name] = TypeName(self._retyped(item))
        self._rules(tree, functions)
        tables = (MappingProxyType(functions), MappingProxyType(types), MappingProxyType(modules))
        return Module(path, tree, *tables, MappingProxyType(dict(self.operations)))

    def _retyped(self, item: syntax.TypeDefinition) -> syntax.TypeDefinition:
        """The type, as it was said to be from outside if it was."""
        if item.name not in self.types:
            return item
        self.retyped.add(item.name)
        said = parse(f"type {item.name} = {self.types[item.name]}\n", f"<type {item.name}>").types[0]
        return replace(item, type=said.type)

    @staticmethod
    def _rules(tree: syntax.Module, functions: dict[str, Definition]) -> None:
        """Give each function of the module its reverse rule."""
        for item in tree.items:
            if not isinstance(item, syntax.ReverseRule):
                continue
            found = functions.get(item.name)
            if found is None or found.module is not None:
                own = [name for name, definition in functions.items() if definition.module is None]
                raise NameFault("PB0201", f"there is no function `{item.name}` in this file to give a reverse rule",
                                item.span, suggestion(item.name, own))
            if found.rule is not None:
                raise twice(f"reverse {item.name}", item.span, found.rule.span)
            functions[item.name] = Definition(found.tree, None, item)

    def _import(self, item: syntax.Import, folder: Path, way: tuple[str, ...], claim: Callable[[str, Span], None],
                functions: dict[str, Definition], types: dict[str, TypeName], modules: dict[str, Module]) -> None:
        module = self._imported(item, folder, way)
        if item.names is None:
            assert item.alias is not None
            claim(item.alias, item.span)
            modules[item.alias] = module
            return
        for wanted in item.names:
            claim(wanted.alias, wanted.span)
            if wanted.name in module.functions:
                found = module.functions[wanted.name]
                functions[wanted.alias] = Definition(found.tree, found.module or module, found.rule)
            elif wanted.name in module.types:
                named = module.types[wanted.name]
                types[wanted.alias] = TypeName(named.tree, named.module or module)
            else:
                raise NameFault("PB0201", f"{module.path} has no `{wanted.name}`", wanted.span,
                                suggestion(wanted.name, [*module.functions, *module.types]))

    def _imported(self, item: syntax.Import, folder: Path, way: tuple[str, ...]) -> Module:
        relative = Path(*item.path).with_suffix(SUFFIX)
        places = [place / relative for place in (folder, *self.folders, LIBRARY)]
        file = next((place for place in places if self.is_there(place)), None)
        if file is None:
            raise NameFault("PB0205", f"there is no module `{'.'.join(item.path)}`", item.span,
                            _near(places[0]) or f"it would be the file {places[0]}")
        key = _key(file)
        if key in way:
            circle = " → ".join(Path(p).name for p in (*way[way.index(key):], key))
            raise NameFault("PB0207", f"modules import each other in a circle: {circle}", item.span,
                            "move what both need into a third module")
        if key not in self.modules:
            self.modules[key] = self.module(self.read(file, item.span), str(file), file.parent, (*way, key))
        return self.modules[key]


def _near(file: Path) -> str | None:
    """The suggestion of a file beside the one that is not there."""
    try:
        near = closest(file.stem, [other.stem for other in file.parent.iterdir() if other.suffix == SUFFIX])
        return f"did you mean `{near}{SUFFIX}`?" if near else None
    except OSError:
        return None
