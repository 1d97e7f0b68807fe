/** What a selected array literal is called. */
import type { AssignedName } from '../recognised.ts';
import { isArrayCall } from './literals.ts';
import { argumentsOf, isExpression, type Node, none, type Syntax } from './syntax.ts';

/** From the selection outwards: the call that makes an array of all of it, then the name that takes the result. */
export function assignedName(syntax: Syntax, start: number, end: number): AssignedName {
  const selected = syntax.text.slice(start, end);
  const from = start + selected.length - selected.trimStart().length;
  const to = from + selected.trim().length;
  let node = syntax.covering(from, to);
  let whole = syntax.from[node] === from && syntax.to[node] === to;
  if (whole && syntax.name(node) === 'AssignStatement') node = syntax.children(node).at(-1)!;
  let array = { start: from, end: to };
  if (whole) array = { start: syntax.from[node]!, end: syntax.to[node]! };
  for (let parent = syntax.parent[node]!; parent !== none; parent = syntax.parent[node]!) {
    switch (syntax.name(parent)) {
      case 'ArgList': {
        const call = syntax.parent[parent]!;
        if (!isArrayCall(syntax, call) || argumentsOf(syntax, call)[0]!.value !== node) {
          return named(array, before(syntax, parent, node, 'AssignOp'), syntax);
        }
        if (whole) array = { start: syntax.from[call]!, end: syntax.to[call]! };
        node = call;
        break;
      }
      case 'ArrayExpression':
      case 'TupleExpression':
        whole = false;
        node = parent;
        break;
      case 'ParenthesizedExpression':
      case 'MemberExpression':
      case 'CallExpression':
        node = parent;
        break;
      case 'DictionaryExpression':
        return named(array, before(syntax, parent, node, ':'), syntax);
      case 'NamedExpression':
      case 'ParamList':
        return named(array, before(syntax, parent, node, 'AssignOp'), syntax);
      case 'AssignStatement':
        return named(array, target(syntax, parent, node), syntax);
      default:
        return array;
    }
  }
  return array;
}

function named(array: { start: number; end: number }, word: Node, syntax: Syntax): AssignedName {
  const property = syntax.property(word);
  const source = word === none ? '' : syntax.source(property === none ? word : property);
  const name = /^[uU]?(['"]?)(\w+)\1$/.exec(source)?.[2];
  return name === undefined ? array : { ...array, name };
}

/** What stands before `separator value`, a parameter's type left out. */
function before(syntax: Syntax, parent: Node, value: Node, separator: string): Node {
  const children = syntax.children(parent).filter((child) => syntax.name(child) !== 'TypeDef');
  const index = children.indexOf(value);
  return syntax.name(children[index - 1] ?? none) === separator ? (children[index - 2] ?? none) : none;
}

/** In `a, b = [1], [2]`, the target at the value's place. */
function target(syntax: Syntax, statement: Node, value: Node): Node {
  const parts: Node[][] = [[]];
  for (const child of syntax.children(statement)) {
    if (syntax.name(child) === 'AssignOp') parts.push([]);
    else if (isExpression(syntax, child)) parts.at(-1)!.push(child);
  }
  const values = parts.pop()!;
  const targets = parts.at(-1) ?? [];
  return targets.length === values.length ? (targets[values.indexOf(value)] ?? none) : none;
}
