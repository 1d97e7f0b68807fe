/** What each of Python's statements and expressions does to names: the scopes that it opens, and what it binds there. */
import { emptyScope, type Scope, type Source, unknown } from './bindings.ts';
import { importOf } from './imports.ts';
import type { Names } from './names.ts';
import type { Places } from './places.ts';
import { argumentsOf, isExpression, type Node, none, type Syntax } from './syntax.ts';
import { Targets } from './targets.ts';

export class Binder {
  readonly #syntax: Syntax;
  readonly #places: Places;
  readonly #targets: Targets;
  readonly #calls: Names<Node>;
  readonly #imports: Names<string>;

  /**
   * @param calls  gets the calls of plain names
   * @param imports  gets, under '', the dotted names of what is imported
   */
  constructor(syntax: Syntax, places: Places, calls: Names<Node>, imports: Names<string>) {
    this.#syntax = syntax;
    this.#places = places;
    this.#targets = new Targets(syntax, places);
    this.#calls = calls;
    this.#imports = imports;
  }

  /** Nodes come parents first: each hands its scope and its branch to its children, some with changes. */
  enter(node: Node): void {
    const syntax = this.#syntax;
    const places = this.#places;
    const targets = this.#targets;
    const scope = places.of[node]!;
    places.handDown(node);
    switch (syntax.name(node)) {
      case 'FunctionDefinition':
        this.#function(node, scope);
        break;
      case 'LambdaExpression':
        this.#lambda(node, scope);
        break;
      case 'ClassDefinition':
        this.#class(node, scope);
        break;
      case 'ComprehensionExpression':
      case 'ArrayComprehensionExpression':
      case 'DictionaryComprehensionExpression':
      case 'SetComprehensionExpression':
        this.#comprehension(node, scope);
        break;
      case 'CallExpression': {
        const callee = syntax.first[node]!;
        if (syntax.name(callee) === 'VariableName') this.#calls.add(syntax.source(callee), node);
        break;
      }
      case 'ArgList':
        this.#arguments(node, scope);
        break;
      case 'AssignStatement':
        targets.assignment(node);
        break;
      case 'UpdateStatement':
        targets.bind(syntax.first[node]!, none, places.at(node, syntax.to[node]!));
        break;
      case 'NamedExpression':
        targets.named(node);
        break;
      case 'ExpressionStatement':
        targets.inPlace(node, scope);
        break;
      case 'ImportStatement':
        this.#import(node);
        break;
      case 'DeleteStatement':
        for (const child of syntax.children(node)) {
          targets.bind(child, none, places.at(node, syntax.to[node]!));
        }
        return;
      case 'ScopeStatement':
        this.#declaration(node, scope);
        break;
      case 'ForStatement':
        targets.for(node);
        break;
      case 'IfStatement':
      case 'WhileStatement':
      case 'MatchClause':
        for (const child of syntax.children(node)) places.conditional(child);
        return;
      case 'TryStatement':
        targets.afterAs(node);
        for (const child of syntax.children(node)) {
          if (syntax.name(child) === 'finally') break;
          places.conditional(child);
        }
        return;
      case 'WithStatement':
      case 'AsPattern':
        targets.afterAs(node);
        break;
      case 'CapturePattern':
      case 'TypeDefinition':
        places.bind(syntax.child(node, 'VariableName'), unknown, places.at(node, syntax.to[node]!));
        return;
      case 'KeywordPattern':
        places.notRead.add(syntax.child(node, 'VariableName'));
        return;
      case 'Decorator':
        for (const child of syntax.children(node)) places.notRead.add(child);
        return;
      default:
        return;
    }
  }

  #function(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = emptyScope('function', outer, node);
    const body = syntax.child(node, 'Body');
    const declared = this.#places.declared(
      syntax.from[node]!,
      body === none ? syntax.to[node]! : syntax.from[body]!,
    );
    const place = this.#places.at(node, syntax.to[node]!, declared);
    this.#places.bind(syntax.child(node, 'VariableName'), { kind: 'function', node }, place);
    if (body !== none) this.#places.enclose(body, inner);
    this.#parameters(syntax.child(node, 'ParamList'), inner, outer);
  }

  #lambda(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = emptyScope('function', outer, node);
    for (const child of syntax.children(node)) this.#places.enclose(child, inner);
    this.#parameters(syntax.child(node, 'ParamList'), inner, outer);
  }

  #parameters(list: Node, inner: Scope, outer: Scope): void {
    const syntax = this.#syntax;
    const children = syntax.children(list);
    let receiver = outer.kind === 'class' && !this.#isStatic(inner.node) ? outer : undefined;
    let index = 0;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      const before = syntax.name(children[i - 1] ?? none);
      if (syntax.name(child) !== 'VariableName' || before === 'AssignOp') {
        this.#places.of[child] = outer;
        // Behind `*` they have no positions.
        if (syntax.name(child) === '*') index = Number.NaN;
        continue;
      }
      const after = children.slice(i + 1, i + 4);
      const end = after.findIndex((other) => syntax.name(other) === ',');
      const assign = after.findIndex((other) => syntax.name(other) === 'AssignOp');
      const fallback = assign >= 0 && (end < 0 || assign < end) ? (after[assign + 1] ?? none) : none;
      const collects = before === '*' || before === '**';
      const place = Number.isNaN(index) ? -1 : index++;
      let source: Source = unknown;
      if (receiver && !collects) source = { kind: 'receiver', scope: receiver };
      else if (!collects) {
        source = { kind: 'parameter', of: inner.node, name: syntax.source(child), index: place, fallback };
      }
      receiver = undefined;
      this.#places.of[child] = inner;
      this.#places.bind(child, source, { scope: inner, branch: none, at: syntax.from[list]! });
    }
  }

  #isStatic(definition: Node): boolean {
    const syntax = this.#syntax;
    const statement = syntax.parent[definition]!;
    if (syntax.name(statement) !== 'DecoratedStatement') return false;
    return syntax.children(statement).some((child) => {
      return syntax.name(child) === 'Decorator' && /^@\s*staticmethod\b/.test(syntax.source(child));
    });
  }

  #class(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = emptyScope('class', outer, node);
    const body = syntax.child(node, 'Body');
    const declared = this.#places.declared(
      syntax.from[node]!,
      body === none ? syntax.to[node]! : syntax.from[body]!,
    );
    const place = this.#places.at(node, syntax.to[node]!, declared);
    this.#places.bind(syntax.child(node, 'VariableName'), { kind: 'class', scope: inner }, place);
    for (const { keyword, value } of argumentsOf(syntax, node)) {
      if (keyword === undefined) inner.bases.push(value);
    }
    if (body !== none) this.#places.enclose(body, inner);
  }

  #comprehension(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = emptyScope('comprehension', outer, node);
    const place = { scope: inner, branch: none, at: syntax.from[node]! };
    let targets = false;
    let iterables = 0;
    for (const child of syntax.children(node)) {
      const name = syntax.name(child);
      this.#places.of[child] = inner;
      if (name === 'for') targets = true;
      else if (name === 'in') {
        targets = false;
        iterables++;
      } else if (targets) this.#targets.bind(child, none, place);
      else if (iterables === 1 && isExpression(syntax, child)) {
        // The first iterable is evaluated outside; conditions and later ones inside.
        this.#places.of[child] = outer;
        iterables++;
      }
    }
  }

  #arguments(node: Node, scope: Scope): void {
    const syntax = this.#syntax;
    if (syntax.child(node, 'for') !== none) this.#comprehension(node, scope);
    const children = syntax.children(node);
    for (let i = 1; i < children.length; i++) {
      if (syntax.name(children[i]!) !== 'AssignOp') continue;
      const word = children[i - 1]!;
      const value = children[i + 1] ?? none;
      if (syntax.name(word) !== 'VariableName') continue;
      this.#places.notRead.add(word);
      if (syntax.source(children[i]!) === ':=') {
        this.#targets.bindNamed(word, value, node);
      }
    }
  }

  #declaration(node: Node, scope: Scope): void {
    const syntax = this.#syntax;
    const global = syntax.child(node, 'global') !== none;
    for (const word of syntax.children(node)) {
      if (syntax.name(word) !== 'VariableName') continue;
      this.#places.notRead.add(word);
      let target: Scope | undefined = this.#places.module;
      if (!global) {
        target = scope.parent;
        while (target && target.kind !== 'function') target = target.parent;
      }
      if (target && target !== scope) scope.elsewhere.set(syntax.source(word), target);
    }
  }

  #import(node: Node): void {
    const syntax = this.#syntax;
    const place = this.#places.at(node, syntax.to[node]!);
    const { module, star, names, notRead } = importOf(syntax, node);
    for (const word of notRead) this.#places.notRead.add(word);
    if (star && module) {
      this.#imports.add('', module);
      place.scope.stars.add('*', { module, place });
    }
    for (const { word, original, path, bound } of names) {
      if (path) this.#imports.add('', path);
      // What is defined in another file can be declared where it is imported from there.
      const from = module !== undefined;
      const declared = from ? this.#places.declared(syntax.from[word]!, syntax.to[word]!) : undefined;
      this.#places.bind(word, bound ? { kind: 'import', path: bound } : unknown, { ...place, declared });
      const binding = this.#places.definitions.get(word);
      if (binding && from) this.#places.definitions.set(original, binding);
    }
  }
}
