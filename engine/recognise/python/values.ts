/** What an expression of a Python source can hold, as far as losses are concerned. */
import type { KnownSymbol } from '../../catalogue.ts';
import { longestWalk } from '../flow.ts';
import type { LossTable } from '../table.ts';
import type { Binding, Parameter, Scope } from './bindings.ts';
import { Lookup } from './lookup.ts';
import { moduleAndName } from './modules.ts';
import type { Scopes } from './scopes.ts';
import { argumentsOf, type Node, none, type Syntax, unwrap } from './syntax.ts';

/** A call that has fixed arguments of a loss before it is evaluated: a constructor, or `functools.partial`. */
export interface Fixing {
  readonly call: Node;
  /** Leading arguments that are not the loss's own. */
  readonly skip: number;
  /** Where the call is, if in another module. */
  readonly within?: Values;
}

export interface LossValue {
  readonly kind: 'loss';
  readonly as: 'class' | 'function' | 'instance';
  /** The symbol's name; the catalogue id of a loss that a comment declares. */
  readonly symbol: string;
  readonly loss: string | undefined;
  readonly info?: KnownSymbol;
  /** The user's own definition that a comment declares. */
  readonly definition?: Binding;
  /** Where the definition is, if in another module. */
  readonly definedIn?: Values;
  readonly fixed: readonly Fixing[];
}

export type Value =
  | LossValue
  /** Something imported, by its dotted path. */
  | { readonly kind: 'path'; readonly path: string }
  /** A class of this source, and an object of one. */
  | { readonly kind: 'class' | 'object'; readonly scope: Scope }
  /** A method that returns its object. */
  | { readonly kind: 'self'; readonly value: LossValue };

/** Aliases of aliases are followed this far. */
const deepest = 40;
const returnsItself = new Set(
  'to cuda cpu double float half bfloat16 train eval requires_grad_ type'.split(' '),
);
const passesThrough = new Set(['torch.compile', 'torch.jit.script']);
/** Besides the losses and the modules that lead to them. */
const understood = new Set([...passesThrough, 'torch.jit', 'functools.partial', 'dataclasses.field']);
const nothing: readonly Value[] = [];

export class Values {
  readonly syntax: Syntax;
  readonly scopes: Scopes;
  readonly #table: LossTable;
  readonly #memo = new Map<Node, readonly Value[]>();
  readonly #lookup: Lookup;
  /** The user's own modules, by how they are named here. */
  readonly #modules: (module: string) => Values | undefined;
  /** Names that other modules are asking for: two of them may import each other. */
  readonly #asked = new Set<string>();
  #depth = 0;

  constructor(
    syntax: Syntax,
    scopes: Scopes,
    table: LossTable,
    modules: (module: string) => Values | undefined,
  ) {
    this.syntax = syntax;
    this.scopes = scopes;
    this.#table = table;
    this.#modules = modules;
    this.#lookup = new Lookup(
      syntax,
      scopes,
      (path) => table.leads(path) || this.#inOwnModule(path).length > 0,
    );
  }

  /** Everything that the expression may be; the likeliest, which is the latest assigned, first. */
  of(expression: Node): readonly Value[] {
    if (expression === none) return nothing;
    const known = this.#memo.get(expression);
    if (known) return known;
    if (this.#depth >= deepest) return nothing;
    // An expression that depends on itself (`x = x or y`) finds nothing there the second time.
    this.#memo.set(expression, nothing);
    this.#depth++;
    const values = distinct(this.#evaluate(expression));
    this.#depth--;
    this.#memo.set(expression, values);
    return values;
  }

  ofBinding(binding: Binding): readonly Value[] {
    const { source, declared } = binding;
    if (declared && this.#table.losses.has(declared)) {
      const isClass =
        source.kind === 'class' || (source.kind === 'import' && /(?:^|\.)[A-Z]\w*$/.test(source.path));
      const as = isClass ? 'class' : 'function';
      return [{ kind: 'loss', as, symbol: declared, loss: declared, definition: binding, fixed: [] }];
    }
    switch (source.kind) {
      case 'expression':
        return this.of(source.node);
      case 'import':
        return this.#imported(source.path);
      case 'class':
        return [{ kind: 'class', scope: source.scope }];
      case 'parameter':
        return this.#ofParameter(source);
      case 'receiver':
        return [{ kind: 'object', scope: source.scope }];
      default:
        return nothing;
    }
  }

  /** `Lookup.assignment` */
  assignment(expression: Node): Binding | undefined {
    return this.#lookup.assignment(expression);
  }

  /**
   * What the calls in this source pass. If one of them passes something unknown, the parameter is not there for
   * losses alone, and only its default counts.
   */
  #ofParameter(parameter: Parameter): readonly Value[] {
    const fallback = this.of(parameter.fallback);
    const passed: Value[] = [];
    for (const argument of this.#passed(parameter)) {
      const values = this.of(argument);
      if (values.length === 0 && this.syntax.name(argument) !== 'None') return fallback;
      passed.push(...values);
    }
    return [...passed, ...fallback];
  }

  /** What the calls in this source give for a parameter of a function, or of a class' `__init__`. */
  #passed({ of: definition, name, index }: Parameter): Node[] {
    const { syntax, scopes } = this;
    let callee = syntax.child(definition, 'VariableName');
    let position = index;
    const owner = scopes.of[definition]!;
    if (owner.kind === 'class') {
      if (callee === none || syntax.source(callee) !== '__init__') return [];
      callee = syntax.child(owner.node, 'VariableName');
      position--;
    }
    if (callee === none) return [];
    const called = syntax.source(callee);
    const calls = scopes.calls.get(called) ?? [];
    if (calls.length > longestWalk) return [];
    return calls.flatMap((call) => {
      if (syntax.contains(definition, syntax.from[call]!)) return [];
      const word = syntax.first[call]!;
      const found = this.#lookup.find(called, scopes.of[word]!, syntax.from[word]!);
      if (!found?.bindings.some((binding) => binding.word === callee)) return [];
      const given = argumentsOf(syntax, call);
      const byKeyword = given.find((argument) => argument.keyword === name);
      if (byKeyword) return [byKeyword.value];
      const before = given.slice(0, position + 1);
      if (position < 0 || before.some((argument) => argument.keyword !== undefined)) return [];
      return before.length > position ? [before[position]!.value] : [];
    });
  }

  #evaluate(expression: Node): readonly Value[] {
    const { syntax } = this;
    switch (syntax.name(expression)) {
      case 'VariableName':
        return this.#name(expression);
      case 'MemberExpression':
        return this.#member(expression);
      case 'CallExpression':
        return this.of(syntax.first[expression]!).flatMap((callee) => this.#called(callee, expression));
      case 'ParenthesizedExpression':
        return this.of(unwrap(syntax, expression));
      case 'NamedExpression':
        return this.of(syntax.children(expression).at(-1)!);
      case 'ConditionalExpression': {
        const [then = none, , , , otherwise = none] = syntax.children(expression);
        return [...this.of(then), ...this.of(otherwise)];
      }
      case 'BinaryExpression': {
        const [left = none, operator = none, right = none] = syntax.children(expression);
        if (!/^(or|and)$/.test(syntax.name(operator))) return nothing;
        return [...this.of(left), ...this.of(right)];
      }
      default:
        return nothing;
    }
  }

  #name(word: Node): readonly Value[] {
    const found = this.#lookup.find(this.syntax.source(word), this.scopes.of[word]!, this.syntax.from[word]!);
    return found ? found.bindings.flatMap((binding) => this.ofBinding(binding)) : nothing;
  }

  #member(expression: Node): readonly Value[] {
    const { syntax } = this;
    const property = syntax.property(expression);
    if (property === none) return nothing;
    const base = syntax.first[expression]!;
    const name = syntax.source(property);
    const attributes = () => this.of(base).flatMap((value) => this.#attribute(value, name));
    if (syntax.name(base) !== 'VariableName') return attributes();
    // `model.criterion = …` counts for as long as `model` stays what it was.
    const scope = this.scopes.of[base]!;
    const set = this.#lookup.find(`${syntax.source(base)}.${name}`, scope, syntax.from[base]!);
    if (!set || set.bindings.length === 0) return attributes();
    const object = this.#lookup.find(syntax.source(base), scope, syntax.from[base]!);
    const since = object ? Math.max(...object.bindings.map((binding) => binding.at)) : 0;
    const assigned = set.bindings.filter((binding) => object?.scope !== set.scope || binding.at >= since);
    const values = assigned.flatMap((binding) => this.ofBinding(binding));
    return set.certain && assigned.length > 0 ? values : [...values, ...attributes()];
  }

  #attribute(value: Value, name: string): readonly Value[] {
    switch (value.kind) {
      case 'path': {
        const path = `${value.path}.${name}`;
        if (this.#table.leads(path) || understood.has(path)) return this.#imported(path);
        return this.#modules(path) ? [{ kind: 'path', path }] : this.#inOwnModule(path);
      }
      case 'loss':
        return value.as === 'instance' && returnsItself.has(name) ? [{ kind: 'self', value }] : nothing;
      case 'class':
      case 'object':
        return this.#attributeOf(value.scope, name);
      default:
        return nothing;
    }
  }

  /** What the methods and the body of a class, or else its bases in this source, assign to an attribute. */
  #attributeOf(start: Scope, name: string): readonly Value[] {
    const queue = [start];
    const seen = new Set(queue);
    for (const scope of queue) {
      const own = [...(scope.attributes.get(name) ?? [])].reverse();
      const inBody = scope.bindings.get(name);
      if (inBody) own.push(...this.#lookup.atEnd(inBody));
      if (own.length > 0) return own.flatMap((binding) => this.ofBinding(binding));
      for (const base of scope.bases) {
        for (const value of this.of(base)) {
          if (value.kind !== 'class' || seen.has(value.scope) || seen.size > deepest) continue;
          seen.add(value.scope);
          queue.push(value.scope);
        }
      }
    }
    return nothing;
  }

  #called(callee: Value, call: Node): readonly Value[] {
    switch (callee.kind) {
      case 'self':
        return [callee.value];
      case 'class':
        return [{ kind: 'object', scope: callee.scope }];
      case 'loss':
        if (callee.as !== 'class') return nothing;
        return [{ ...callee, as: 'instance', fixed: [...callee.fixed, { call, skip: 0 }] }];
      case 'path':
        return this.#calledPath(callee.path, call);
      default:
        return nothing;
    }
  }

  #calledPath(path: string, call: Node): readonly Value[] {
    const given = argumentsOf(this.syntax, call);
    if (path === 'dataclasses.field') {
      const factory = given.find((argument) => argument.keyword === 'default_factory')?.value ?? none;
      const fallback = given.find((argument) => argument.keyword === 'default')?.value ?? none;
      const made = this.of(factory).flatMap((value) => {
        return value.kind === 'loss' && value.as === 'class' ? [{ ...value, as: 'instance' as const }] : [];
      });
      return [...made, ...this.of(fallback)];
    }
    const partial = path === 'functools.partial';
    if (!partial && !passesThrough.has(path)) return nothing;
    if (given[0] === undefined || given[0].keyword !== undefined) return nothing;
    return this.of(given[0].value).flatMap((value) => {
      if (value.kind !== 'loss') return [];
      return [partial ? { ...value, fixed: [...value.fixed, { call, skip: 1 }] } : value];
    });
  }

  #imported(path: string): readonly Value[] {
    const info = this.#table.symbol(path);
    if (info) return [{ kind: 'loss', as: info.kind, symbol: info.name, loss: info.loss, info, fixed: [] }];
    if (this.#table.leads(path)) return [{ kind: 'path', path }];
    const own = this.#inOwnModule(path);
    if (own.length > 0) return own;
    const isNamed = !path.startsWith('.') || this.#modules(path) !== undefined;
    return isNamed ? [{ kind: 'path', path }] : nothing;
  }

  #inOwnModule(path: string): readonly Value[] {
    const [module, name] = moduleAndName(path) ?? [];
    return (module !== undefined && name !== undefined && this.#modules(module)?.exported(name)) || nothing;
  }

  /** The losses that this module has under a name when it has run, and what of a library leads to losses. */
  exported(name: string): readonly Value[] {
    if (this.#asked.has(name)) return nothing;
    this.#asked.add(name);
    const list = this.#lookup.bindings(this.scopes.module, name) ?? [];
    const values = this.#lookup.atEnd(list).flatMap((binding) => this.ofBinding(binding));
    this.#asked.delete(name);
    return distinct(values).flatMap((value): Value[] => {
      if (value.kind === 'path') return this.#table.leads(value.path) ? [value] : [];
      if (value.kind !== 'loss') return [];
      const fixed = value.fixed.map((fixing) => ({ within: this, ...fixing }));
      return [{ ...value, fixed, ...(value.definition && { definedIn: value.definedIn ?? this }) }];
    });
  }
}

/** Each symbol, path or class once. */
function distinct(values: readonly Value[]): readonly Value[] {
  if (values.length < 2) return values;
  const seen = new Set<unknown>();
  return values.filter((value) => {
    let identity: unknown = value;
    if (value.kind === 'loss')
      identity = `${value.as} ${value.symbol} ${value.fixed.map(({ call }) => call)}`;
    else if (value.kind === 'path') identity = value.path;
    else if (value.kind !== 'self') identity = value.scope;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
