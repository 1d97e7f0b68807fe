"""What Python's own parser says of the losses that sources name.

Reads {"paths": {dotted path: symbol}, "sources": [text]} from standard input, and writes a list with an entry for each
source: null where Python cannot parse it, else [[line, column, symbol], ...], lines from 1, columns in characters from 0.

Names are resolved lexically: imports, and names that are assigned a resolvable expression once and nothing else.
It is written apart from the extension's own recognition, so that the two can be held against each other.
"""

import ast
import json
import sys
import warnings

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    def __init__(self, node, parent):
        self.node = node
        self.parent = parent
        self.bindings = {}
        self.stars = []
        self.elsewhere = {}

    def bind(self, name, what):
        self.elsewhere.get(name, self).bindings.setdefault(name, []).append(what)


class Reader(ast.NodeVisitor):
    """First round: which scope each node is in, and what each scope binds."""

    def __init__(self, tree):
        self.module = Scope(tree, None)
        self.scope = self.module
        self.of = {}
        self.visit(tree)

    def visit(self, node):
        self.of[node] = self.scope
        super().visit(node)

    def inside(self, node, parts):
        outer, self.scope = self.scope, Scope(node, self.scope)
        for part in parts:
            self.visit(part)
        self.scope = outer

    def visit_Import(self, node):
        for alias in node.names:
            if alias.asname:
                self.scope.bind(alias.asname, ("import", alias.name))
            else:
                root = alias.name.split(".")[0]
                self.scope.bind(root, ("import", root))

    def visit_ImportFrom(self, node):
        for alias in node.names:
            if node.level:
                self.scope.bind(alias.asname or alias.name, ("other", None))
            elif alias.name == "*":
                self.scope.stars.append(node.module)
            else:
                self.scope.bind(alias.asname or alias.name, ("import", f"{node.module}.{alias.name}"))

    def visit_Global(self, node):
        for name in node.names:
            self.scope.elsewhere[name] = self.module

    def visit_Assign(self, node):
        self.visit(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.of[target] = self.scope
                self.scope.bind(target.id, ("alias", node.value))
            else:
                self.visit(target)

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load):
            self.scope.bind(node.id, ("other", None))

    def visit_ExceptHandler(self, node):
        if node.name:
            self.scope.bind(node.name, ("other", None))
        self.generic_visit(node)

    def visit_ClassDef(self, node):
        self.scope.bind(node.name, ("other", None))
        for part in [*node.decorator_list, *node.bases, *[keyword.value for keyword in node.keywords]]:
            self.visit(part)
        self.inside(node, node.body)

    def function(self, node, body):
        arguments = node.args
        for default in [*arguments.defaults, *[default for default in arguments.kw_defaults if default]]:
            self.visit(default)
        outer, self.scope = self.scope, Scope(node, self.scope)
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for argument in [*named, *[each for each in (arguments.vararg, arguments.kwarg) if each]]:
            self.scope.bind(argument.arg, ("other", None))
        for part in body:
            self.visit(part)
        self.scope = outer

    def visit_FunctionDef(self, node):
        self.scope.bind(node.name, ("other", None))
        for part in node.decorator_list:
            self.visit(part)
        annotations = [argument.annotation for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]]
        for part in [*annotations, node.returns]:
            if part:
                self.visit(part)
        self.function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.function(node, [node.body])

    def comprehension(self, node):
        self.visit(node.generators[0].iter)
        outer, self.scope = self.scope, Scope(node, self.scope)
        for index, generator in enumerate(node.generators):
            self.visit(generator.target)
            if index:
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.visit(part)
        self.scope = outer

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension


class Resolver:
    """Second round: the dotted path of an expression."""

    def __init__(self, tree, symbols):
        self.reader = Reader(tree)
        self.symbols = symbols
        self.pending = set()

    def path(self, node):
        if isinstance(node, ast.Attribute):
            base = self.path(node.value)
            return base and f"{base}.{node.attr}"
        if not isinstance(node, ast.Name) or node in self.pending or node not in self.reader.of:
            return None
        self.pending.add(node)
        found = self.name(node.id, self.reader.of[node])
        self.pending.discard(node)
        return found

    def name(self, name, scope):
        start = scope
        while scope:
            visible = scope is start or not isinstance(scope.node, ast.ClassDef)
            bindings = scope.bindings.get(name, []) if visible else []
            if bindings:
                kinds = {kind for kind, _ in bindings}
                if kinds == {"import"}:
                    paths = [path for _, path in bindings]
                    return next((path for path in paths if self.leads(path)), paths[0])
                if kinds == {"alias"} and len(bindings) == 1:
                    return self.path(bindings[0][1])
                return None
            if visible:
                for module in scope.stars:
                    if self.leads(f"{module}.{name}"):
                        return f"{module}.{name}"
            scope = scope.parent
        return None

    def leads(self, path):
        return any(known == path or known.startswith(path + ".") for known in self.symbols)


def uses(text, symbols):
    tree = ast.parse(text)
    resolver = Resolver(tree, symbols)
    lines = text.split("\n")
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
            continue
        path = resolver.path(node)
        if path not in symbols:
            continue
        name = node.id if isinstance(node, ast.Name) else node.attr
        line = lines[node.end_lineno - 1]
        end = len(line.encode()[: node.end_col_offset].decode())
        found.append([node.end_lineno, end - len(name), symbols[path]])
    return found


def main():
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10_000)
    given = json.load(sys.stdin)
    answers = []
    for text in given["sources"]:
        try:
            answers.append(uses(text, given["paths"]))
        except (SyntaxError, ValueError, RecursionError):
            answers.append(None)
    json.dump(answers, sys.stdout)


main()
