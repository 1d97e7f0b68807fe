/** Python's scopes, and what a name is bound to in them. */
import type { Bound } from '../flow.ts';
import { type Names, OwnNames } from './names.ts';
import type { Node } from './syntax.ts';

/** What a name is bound to. */
export type Source =
  | { readonly kind: 'expression'; readonly node: Node }
  | { readonly kind: 'import'; readonly path: string }
  | { readonly kind: 'class'; readonly scope: Scope }
  /** `self` or `cls` of a method: an object of that class. */
  | { readonly kind: 'receiver'; readonly scope: Scope }
  | { readonly kind: 'function'; readonly node: Node }
  | Parameter
  | { readonly kind: 'unknown' };

export const unknown: Source = { kind: 'unknown' };

export interface Parameter {
  readonly kind: 'parameter';
  /** The function, or lambda. */
  readonly of: Node;
  readonly name: string;
  /** Its place among the positional ones; -1 when it has none. */
  readonly index: number;
  /** Its default, or `none`. */
  readonly fallback: Node;
}

export interface Binding extends Bound {
  /** The name, where it is bound. */
  readonly word: Node;
  readonly source: Source;
  /** The catalogue id of a comment `# loss: id` on its line. */
  readonly declared?: string;
}

export interface Scope {
  readonly kind: 'module' | 'class' | 'function' | 'comprehension';
  readonly parent: Scope | undefined;
  readonly node: Node;
  /** An attribute is under its dotted name: `self.criterion`. */
  readonly bindings: Names<Binding>;
  /** All under `*`. */
  readonly stars: Names<Star>;
  /** `global` and `nonlocal` declarations: the scope that the name belongs to. */
  readonly elsewhere: Map<string, Scope>;
  /** Offsets at which a method or a subscript changed the named object in place. */
  readonly mutations: Names<number>;
  /** Of a class: what its methods assign to their first parameter's attributes. */
  readonly attributes: Names<Binding>;
  /** Of a class: its base classes. */
  readonly bases: Node[];
}

/** An import of everything in a module. */
export interface Star {
  readonly module: string;
  readonly place: Place;
}

/** Where a name is bound. */
export interface Place extends Bound {
  readonly scope: Scope;
  readonly declared?: string | undefined;
}

export function emptyScope(kind: Scope['kind'], parent: Scope | undefined, node: Node): Scope {
  return {
    kind,
    parent,
    node,
    bindings: new OwnNames(),
    stars: new OwnNames(),
    elsewhere: new Map(),
    mutations: new OwnNames(),
    attributes: new OwnNames(),
    bases: [],
  };
}

/** The class whose object `name` is in this scope, if it is a method's first parameter: so it is none of the module's. */
export function receiverClass(scope: Scope, name: string): Scope | undefined {
  for (let inner: Scope | undefined = scope; inner && inner.kind !== 'module'; inner = inner.parent) {
    const source = inner.kind === 'class' ? undefined : inner.bindings.get(name)?.[0]?.source;
    if (source) return source.kind === 'receiver' ? source.scope : undefined;
  }
  return undefined;
}
