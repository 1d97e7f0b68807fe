import { type Node, none } from '../recognise/tree.ts';

/**
 * What is known of an expression, asked for once. What depends on itself, or is looked into through more than `deepest`
 * others, is unknown.
 */
export function once<R>(deepest: number, unknown: R, look: (expression: Node) => R): (expression: Node) => R {
  const known = new Map<Node, R>();
  let depth = 0;
  return (expression) => {
    if (expression === none || depth >= deepest) return unknown;
    if (known.has(expression)) return known.get(expression)!;
    known.set(expression, unknown);
    depth++;
    const found = look(expression);
    depth--;
    known.set(expression, found);
    return found;
  };
}
