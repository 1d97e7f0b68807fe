/** What import declarations bind, and the names in export declarations that read nothing. */
import type { Source } from './scopes.ts';
import { type Node, none, type Syntax } from './syntax.ts';

export interface Imported {
  readonly word: Node;
  /** Its name in the module, where that is another one; else `none`. */
  readonly original: Node;
  readonly source: Source;
}

export interface Imports {
  readonly module: string | undefined;
  readonly names: readonly Imported[];
}

const unknown: Source = { kind: 'unknown' };

export function importsOf(syntax: Syntax, node: Node): Imports {
  const children = syntax.children(node);
  const module = syntax.word(syntax.child(node, 'String'));
  if (module === undefined) return { module, names: required(syntax, node, children) };
  const star = syntax.child(node, 'Star') !== none;
  // The types of a module are no values.
  const types = syntax.child(node, 'type') !== none;
  const names = children.flatMap((child): Imported[] => {
    if (syntax.name(child) === 'ImportGroup') return grouped(syntax, child, module, types);
    if (syntax.name(child) !== 'VariableDefinition') return [];
    const source: Source = star ? { kind: 'import', module } : { kind: 'import', module, name: 'default' };
    return [{ word: child, original: none, source: types ? unknown : source }];
  });
  return { module, names };
}

function grouped(syntax: Syntax, group: Node, module: string, types: boolean): Imported[] {
  const children = syntax.children(group);
  return children.flatMap((word, i): Imported[] => {
    if (syntax.name(word) !== 'VariableDefinition') return [];
    const renamed = syntax.name(children[i - 1] ?? none) === 'as';
    const original = renamed ? (children[i - 2] ?? none) : none;
    const before = children[i - (renamed ? 3 : 1)] ?? none;
    const name = syntax.word(renamed ? original : word);
    const isType = types || syntax.name(before) === 'type' || name === undefined;
    return [{ word, original, source: isType ? unknown : { kind: 'import', module, name } }];
  });
}

/** TypeScript's `import tf = require('…')`, which the grammar reads as two statements. */
function required(syntax: Syntax, node: Node, children: readonly Node[]): Imported[] {
  const word = children.find((child) => syntax.name(child) === 'VariableDefinition');
  const following = syntax.next[node]!;
  const call = syntax.name(following) === 'ExpressionStatement' ? syntax.first[following]! : none;
  const source: Source = call === none ? unknown : { kind: 'expression', node: call };
  return word === undefined ? [] : [{ word, original: none, source }];
}

/** `export { a as b } from '…'` reads nothing here, and `as b` names nothing that is here. */
export function namedElsewhere(syntax: Syntax, node: Node): Node[] {
  const elsewhere = syntax.child(node, 'String') !== none;
  const children = syntax.children(syntax.child(node, 'ExportGroup'));
  const names = children.filter((_, i) => elsewhere || syntax.name(children[i - 1] ?? none) === 'as');
  return elsewhere ? [...names, ...syntax.children(node)] : names;
}
