/** Destructuring: the names that a pattern binds, each to its part of what is taken apart. */
import type { Source } from './scopes.ts';
import { type Node, none, type Syntax } from './syntax.ts';

const unknown: Source = { kind: 'unknown' };

export function isPattern(syntax: Syntax, node: Node): boolean {
  return /^(VariableDefinition|ArrayPattern|ObjectPattern)$/.test(syntax.name(node));
}

export function namesIn(syntax: Syntax, pattern: Node, source: Source): [Node, Source][] {
  const found: [Node, Source][] = [];
  const pending: [Node, Source][] = [[pattern, source]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, value] = next;
    switch (syntax.name(node)) {
      case 'VariableDefinition':
        found.push(next);
        break;
      case 'ObjectPattern':
        for (const child of syntax.children(node)) {
          if (syntax.name(child) === 'PatternProperty') pending.push(...property(syntax, child, value));
        }
        break;
      case 'ArrayPattern':
        pending.push(...items(syntax, node, value));
        break;
      default:
        break;
    }
  }
  return found;
}

function property(syntax: Syntax, node: Node, whole: Source): [Node, Source][] {
  const children = syntax.children(node);
  const [key = none] = children;
  // The rest of a module is still that module.
  if (syntax.name(key) === 'Spread') return children.slice(1, 2).map((target) => [target, whole]);
  const colon = children.findIndex((child) => syntax.name(child) === ':');
  const target = colon < 0 ? key : (children[colon + 1] ?? none);
  const name = syntax.word(key);
  let value: Source = name === undefined || key === none ? unknown : { kind: 'part', of: whole, key: name };
  const equals = children.findIndex((child) => syntax.name(child) === 'Equals');
  const fallback = equals < 0 ? none : (children[equals + 1] ?? none);
  if (fallback !== none) {
    value = { kind: 'either', sources: [value, { kind: 'expression', node: fallback }] };
  }
  return target === none ? [] : [[target, value]];
}

function items(syntax: Syntax, node: Node, whole: Source): [Node, Source][] {
  const items: [Node, Source][] = [];
  let index = 0;
  let rest = false;
  for (const child of syntax.children(node)) {
    const name = syntax.name(child);
    if (name === ',') index++;
    else if (name === 'Spread') rest = true;
    else if (isPattern(syntax, child)) {
      items.push([child, rest ? unknown : { kind: 'part', of: whole, key: index }]);
    }
  }
  return items;
}
