/** What a name of a Python source is bound to where it is read. */
import { atEnd, longestWalk, type Reaching } from '../flow.ts';
import type { Binding, Scope, Source } from './bindings.ts';
import { PythonFlow } from './flow.ts';
import { pathIn } from './modules.ts';
import type { Scopes } from './scopes.ts';
import { type Node, none, type Syntax } from './syntax.ts';

interface Found {
  readonly bindings: readonly Binding[];
  readonly certain: boolean;
  readonly scope: Scope;
  /** Read by code that runs later than the scope itself. */
  readonly deferred: boolean;
}

export class Lookup {
  readonly #syntax: Syntax;
  readonly #scopes: Scopes;
  readonly #flow: PythonFlow;
  readonly #brings: (path: string) => boolean;
  /** By scope, the names that its star imports bring as well. */
  readonly #brought = new Map<Scope, Map<string, readonly Binding[]>>();

  /** @param brings  whether a star import brings what has this path */
  constructor(syntax: Syntax, scopes: Scopes, brings: (path: string) => boolean) {
    this.#syntax = syntax;
    this.#scopes = scopes;
    this.#flow = new PythonFlow(syntax);
    this.#brings = brings;
  }

  /** The one assignment that a name, or an attribute of one, surely holds where it is read; never one that was changed in place. */
  assignment(expression: Node): Binding | undefined {
    const syntax = this.#syntax;
    const base = syntax.name(expression) === 'MemberExpression' ? syntax.first[expression]! : expression;
    if (
      syntax.name(base) !== 'VariableName' ||
      (base !== expression && syntax.property(expression) === none)
    ) {
      return undefined;
    }
    const name = syntax.source(base);
    const key = base === expression ? name : `${name}.${syntax.source(syntax.property(expression))}`;
    const found = this.find(key, this.#scopes.of[base]!, syntax.from[base]!);
    const binding = found?.bindings[0];
    if (!found?.certain || !binding || found.bindings.length > 1) return undefined;
    if (found.deferred && found.scope.bindings.get(key)!.length > 1) return undefined;
    const read = found.deferred ? atEnd : syntax.from[base]!;
    const again = this.#loopEnd(expression, binding, found.scope);
    const until = Math.max(read, again);
    const rebound = found.scope.bindings;
    const changed =
      anyBetween(found.scope.mutations.get(name) ?? [], (at) => at, binding.at, until) ||
      anyBetween(rebound.get(key) ?? [], ({ at }) => at, binding.at, until) ||
      (base !== expression && anyBetween(rebound.get(name) ?? [], ({ at }) => at, binding.at, until));
    return changed ? undefined : binding;
  }

  /**
   * Where the outermost loop around the node ends that the binding is outside of: what is assigned before that may hold
   * in the next round. A loop that runs the binding too makes it anew each time.
   */
  #loopEnd(node: Node, { word }: Binding, scope: Scope): number {
    const syntax = this.#syntax;
    let end = 0;
    for (let outer = node; outer !== none && outer !== scope.node; outer = syntax.parent[outer]!) {
      if (!/^(For|While)Statement$/.test(syntax.name(outer))) continue;
      if (word !== none && syntax.contains(outer, syntax.from[word]!)) break;
      end = syntax.to[outer]!;
    }
    return end;
  }

  /** Of the bindings of one name in one scope, those that may hold when it has run to its end, the latest first. */
  atEnd(list: readonly Binding[]): readonly Binding[] {
    return this.#flow.reaching(list, atEnd).bindings;
  }

  /** Python's rules: function scopes see the functions and the module around them, never a class body around them. */
  find(name: string, start: Scope, offset: number): Found | undefined {
    let deferred = false;
    /** Where the function is defined in the scope that is being looked into. */
    let definition = offset;
    for (let scope: Scope | undefined = start; scope; scope = scope.parent) {
      const declared: Scope | undefined = scope.elsewhere.get(name);
      if (declared) {
        const list = declared.bindings.get(name);
        return list && { ...this.#flow.reaching(list, atEnd), scope: declared, deferred: true };
      }
      if (scope === start || scope.kind !== 'class') {
        const list = this.bindings(scope, name);
        if (list) {
          const found = deferred ? this.#later(list, definition) : this.#flow.reaching(list, offset);
          if (found.bindings.length > 0) return { ...found, scope, deferred };
          // Bound later only: in a loop it may have been; unfinished code may have lost its brackets.
          const dotted = name.includes('.');
          if (scope.kind !== 'class' && !dotted)
            return { bindings: list.slice(0, longestWalk), certain: false, scope, deferred };
        }
      }
      if (scope.kind === 'function') deferred = true;
      definition = this.#syntax.from[scope.node]!;
    }
    return undefined;
  }

  /**
   * What a function may see of a name outside of it: mostly it is called once the scope around it has run, but where the
   * name was bound before the function was defined and again since, the first calls may have come between.
   */
  #later(list: readonly Binding[], definition: number): Reaching<Binding> {
    const last = this.#flow.reaching(list, atEnd);
    const first = this.#flow.reaching(list, definition);
    const before = first.bindings.filter((binding) => {
      return binding.source.kind === 'expression' && !last.bindings.includes(binding);
    });
    return before.length === 0 ? last : { bindings: [...before, ...last.bindings], certain: false };
  }

  /** The bindings of a name in one scope, with what its star imports are known to bring. */
  bindings(scope: Scope, name: string): readonly Binding[] | undefined {
    const own = scope.bindings.get(name);
    const stars = scope.stars.get('*');
    if (!stars) return own;
    const known = this.#brought.get(scope)?.get(name);
    if (known) return known.length > 0 ? known : undefined;
    const all = [...(own ?? [])];
    for (const { module, place } of stars) {
      const path = pathIn(module, name);
      if (!this.#brings(path)) continue;
      const source: Source = { kind: 'import', path };
      all.push({ word: none, at: place.at, branch: place.branch, source });
    }
    all.sort((left, right) => left.at - right.at);
    const ofScope = this.#brought.get(scope) ?? new Map<string, readonly Binding[]>();
    this.#brought.set(scope, ofScope.set(name, all));
    return all.length > 0 ? all : undefined;
  }
}

/** Whether one of a list in source order lies behind `after`, and not behind `until`. */
function anyBetween<T>(
  list: readonly T[],
  offset: (item: T) => number,
  after: number,
  until: number,
): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offset(list[middle]!) <= after) low = middle + 1;
    else high = middle;
  }
  return low < list.length && offset(list[low]!) <= until;
}
