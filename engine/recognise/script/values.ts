/** What an expression of a JavaScript source can hold, as far as losses are concerned. */
import type { SymbolInfo } from '../../catalogue.ts';
import { atEnd, longestWalk } from '../flow.ts';
import { ScriptFlow } from './flow.ts';
import type { TfjsTable } from './modules.ts';
import type { Binding, Scope, Scopes, Source } from './scopes.ts';
import { argumentsOf, isExpression, type Node, none, type Syntax, unwrap } from './syntax.ts';

export type Value =
  | { readonly kind: 'loss'; readonly info: SymbolInfo }
  /** Something of TensorFlow.js, by its path from `tf`. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'promise'; readonly of: Value }
  /** An object or a list that the source writes out. */
  | { readonly kind: 'literal'; readonly node: Node }
  /** A class of this source, and an object of one. */
  | { readonly kind: 'class' | 'object'; readonly scope: Scope };

interface Found {
  readonly bindings: readonly Binding[];
  readonly certain: boolean;
  readonly scope: Scope;
  /** Read by code that runs later than the scope itself. */
  readonly deferred: boolean;
}

/** Aliases of aliases are followed this far. */
const deepest = 40;
const nothing: readonly Value[] = [];

export class Values {
  readonly syntax: Syntax;
  readonly scopes: Scopes;
  readonly #table: TfjsTable;
  readonly #memo: (readonly Value[] | undefined)[];
  readonly #flow: ScriptFlow;
  #depth = 0;

  constructor(syntax: Syntax, scopes: Scopes, table: TfjsTable) {
    this.syntax = syntax;
    this.scopes = scopes;
    this.#table = table;
    this.#flow = new ScriptFlow(syntax, scopes.branches);
    this.#memo = new Array(syntax.size);
  }

  /** Everything that the expression may be; the likeliest, which is the latest assigned, first. */
  of(expression: Node): readonly Value[] {
    if (expression === none) return nothing;
    const known = this.#memo[expression];
    if (known) return known;
    if (this.#depth >= deepest) return nothing;
    // An expression that depends on itself (`x = x || y`) finds nothing there the second time.
    this.#memo[expression] = nothing;
    this.#depth++;
    const values = distinct(this.#evaluate(expression));
    this.#depth--;
    this.#memo[expression] = values;
    return values;
  }

  ofSource(source: Source): readonly Value[] {
    switch (source.kind) {
      case 'expression':
        return this.of(source.node);
      case 'import':
        return this.#at(this.#table.exported(source.module, source.name));
      case 'part':
        return this.ofSource(source.of).flatMap((value) => this.#part(value, source.key));
      case 'either':
        return source.sources.flatMap((one) => this.ofSource(one));
      case 'awaited':
        return awaited(this.ofSource(source.of));
      case 'class':
        return [{ kind: 'class', scope: source.scope }];
      default:
        return nothing;
    }
  }

  /** The one assignment that a name surely holds where it is read; never one that was changed in place. */
  assignment(expression: Node): Binding | undefined {
    const { syntax } = this;
    // `{ loss }` reads the variable of that name.
    if (!/^(VariableName|PropertyDefinition)$/.test(syntax.name(expression))) return undefined;
    const name = syntax.source(expression);
    const offset = syntax.from[expression]!;
    const found = this.#find(name, expression);
    const binding = found?.bindings[0];
    if (!found?.certain || !binding || found.bindings.length > 1) return undefined;
    const all = found.scope.bindings.get(name)!;
    if (found.deferred && all.length > 1) return undefined;
    const read = found.deferred ? atEnd : Math.max(offset, this.#loopEnd(expression, found.scope));
    const changes = [...(found.scope.mutations.get(name) ?? [])];
    for (const other of all) if (other !== binding) changes.push(other.at);
    return changes.some((at) => at > binding.at && at <= read) ? undefined : binding;
  }

  /** Where the outermost loop around the node ends: what is assigned before that may hold in the next round. */
  #loopEnd(node: Node, scope: Scope): number {
    let end = 0;
    for (let outer = node; outer !== none && outer !== scope.node; outer = this.syntax.parent[outer]!) {
      if (/^(For|While|Do)Statement$/.test(this.syntax.name(outer))) end = this.syntax.to[outer]!;
    }
    return end;
  }

  #evaluate(expression: Node): readonly Value[] {
    const { syntax } = this;
    const inner = unwrap(syntax, expression);
    if (inner !== expression) return this.of(inner);
    const children = () => syntax.children(expression);
    switch (syntax.name(expression)) {
      case 'VariableName':
        return this.#name(expression);
      case 'PropertyDefinition':
        // `{ huberLoss }`
        return this.#name(expression);
      case 'MemberExpression':
        return this.#member(expression);
      case 'AwaitExpression':
        return awaited(this.of(children()[1] ?? none));
      case 'DynamicImport': {
        const module = syntax.word(syntax.child(expression, 'String'));
        return module === undefined ? nothing : promised(this.#at(this.#table.exported(module)));
      }
      case 'CallExpression':
        return this.#called(expression);
      case 'NewExpression':
        return this.of(children()[1] ?? none).flatMap((value) =>
          value.kind === 'class' ? [{ kind: 'object' as const, scope: value.scope }] : [],
        );
      case 'ConditionalExpression':
        return [...this.of(children()[2] ?? none), ...this.of(children()[4] ?? none)];
      case 'AssignmentExpression':
        return this.of(children().at(-1) ?? none);
      case 'BinaryExpression': {
        const [left = none, operator = none, right = none] = children();
        if (!/^(\?\?|\|\||&&)$/.test(syntax.source(operator))) return nothing;
        return [...this.of(left), ...this.of(right)];
      }
      case 'ObjectExpression':
      case 'ArrayExpression':
        return [{ kind: 'literal', node: expression }];
      default:
        return nothing;
    }
  }

  #name(word: Node): readonly Value[] {
    const name = this.syntax.source(word);
    const found = this.#find(name, word);
    // The script tag of TensorFlow.js makes `tf` a global.
    if (!found) return name === 'tf' ? [{ kind: 'path', path: 'tf' }] : nothing;
    return found.bindings.flatMap(({ source }) => this.ofSource(source));
  }

  #member(expression: Node): readonly Value[] {
    const { syntax } = this;
    const key = syntax.word(syntax.property(expression));
    if (key === undefined) return nothing;
    const base = syntax.first[expression]!;
    if (syntax.name(base) !== 'this') return this.of(base).flatMap((value) => this.#part(value, key));
    const receiver = this.scopes.receiver[expression];
    return receiver ? this.#field(receiver, key) : nothing;
  }

  #part(value: Value, key: string | number): readonly Value[] {
    switch (value.kind) {
      case 'path':
        return this.#at(this.#table.member(value.path, String(key)));
      case 'literal':
        return this.#item(value.node, key);
      case 'class':
      case 'object':
        return this.#field(value.scope, String(key));
      default:
        return nothing;
    }
  }

  #item(literal: Node, key: string | number): readonly Value[] {
    const { syntax } = this;
    const children = syntax.children(literal);
    if (syntax.name(literal) === 'ArrayExpression') {
      if (children.some((child) => syntax.name(child) === 'Spread')) return nothing;
      const item = children.filter((child) => isExpression(syntax, child))[Number(key)];
      return item === undefined ? nothing : this.of(item);
    }
    // What is written last holds.
    for (const property of children.reverse()) {
      if (syntax.name(property) !== 'Property') continue;
      const [name = none, colon = none, value = none] = syntax.children(property);
      if (syntax.name(name) === 'Spread') return nothing;
      if (syntax.word(name) !== String(key)) continue;
      return colon === none ? this.of(name) : syntax.name(colon) === ':' ? this.of(value) : nothing;
    }
    return nothing;
  }

  /** What a class, or else those that it extends in this source, hold in a field. */
  #field(start: Scope, name: string): readonly Value[] {
    const seen = new Set<Scope>();
    for (let scope: Scope | undefined = start; scope && !seen.has(scope); ) {
      seen.add(scope);
      const fields: readonly Binding[] = scope.fields.get(name) ?? [];
      if (fields.length > 0) return fields.toReversed().flatMap(({ source }) => this.ofSource(source));
      const base: Value | undefined = this.of(scope.base).find((value) => value.kind === 'class');
      scope = base?.kind === 'class' ? base.scope : undefined;
    }
    return nothing;
  }

  #called(call: Node): readonly Value[] {
    const { syntax } = this;
    const callee = unwrap(syntax, syntax.first[call]!);
    const first = argumentsOf(syntax, call)[0]?.value ?? none;
    if (syntax.name(callee) === 'VariableName') {
      const ownRequire = syntax.source(callee) === 'require' && !this.#find('require', callee);
      const module = syntax.word(first);
      return ownRequire && module !== undefined ? this.#at(this.#table.exported(module)) : nothing;
    }
    return nothing;
  }

  #at(path: string | undefined): readonly Value[] {
    if (path === undefined) return nothing;
    const info = this.#table.symbol(path);
    return [info ? { kind: 'loss', info } : { kind: 'path', path }];
  }

  #find(name: string, word: Node): Found | undefined {
    const { scopes, syntax } = this;
    const offset = syntax.from[word]!;
    let deferred = false;
    for (let scope: Scope | undefined = scopes.of[word]; scope; scope = scope.parent) {
      const list = scope.bindings.get(name);
      if (list) return { ...this.#reaching(list, word, deferred ? atEnd : offset), scope, deferred };
      if (scope.kind === 'function') deferred = true;
    }
    return undefined;
  }

  #reaching(list: readonly Binding[], word: Node, offset: number): Pick<Found, 'bindings' | 'certain'> {
    if (offset === atEnd) {
      // What the same function has assigned before holds, whatever others do.
      const { syntax, scopes } = this;
      const within = functionOf(scopes.of[word]!);
      const own = list.findLast((binding) => {
        const sure = binding.at <= syntax.from[word]! && scopes.branches[binding.word] === none;
        return sure && functionOf(scopes.of[binding.word]!) === within;
      });
      if (own) return { bindings: [own], certain: true };
    }
    const found = this.#flow.reaching(list, offset);
    // Bound later only: in a loop it may have been; unfinished code may have lost its brackets.
    return found.bindings.length > 0 ? found : { bindings: list.slice(0, longestWalk), certain: false };
  }
}

function functionOf(scope: Scope): Scope {
  let outer = scope;
  while (outer.kind !== 'function' && outer.parent) outer = outer.parent;
  return outer;
}

function promised(values: readonly Value[]): Value[] {
  return values.map((of) => ({ kind: 'promise', of }));
}

/** `await` of what is no promise is that itself. */
function awaited(values: readonly Value[]): Value[] {
  return values.map((value) => (value.kind === 'promise' ? value.of : value));
}

/** Each symbol, path or class once. */
function distinct(values: readonly Value[]): readonly Value[] {
  if (values.length < 2) return values;
  const seen = new Set<unknown>();
  return values.filter((value) => {
    let identity: unknown = value;
    if (value.kind === 'loss') identity = value.info;
    else if (value.kind === 'path') identity = value.path;
    else if (value.kind === 'literal') identity = value.node;
    else if (value.kind !== 'promise') identity = value.scope;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
