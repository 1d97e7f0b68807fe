/** What a selected array literal is called. */
import type { AssignedName } from '../recognised.ts';
import { makerOf } from './literals.ts';
import { argumentsOf, type Node, none, type Syntax } from './syntax.ts';

/** From the selection outwards: the call that makes a tensor of all of it, then the name that takes the result. */
export function assignedName(syntax: Syntax, start: number, end: number): AssignedName {
  const selected = syntax.text.slice(start, end);
  const from = start + selected.length - selected.trimStart().length;
  const to = from + selected.trim().length;
  let array = { start: from, end: to };
  let node = syntax.covering(from, to);
  let whole = syntax.from[node] === from && syntax.to[node] === to;
  for (let parent = syntax.parent[node]!; parent !== none; parent = syntax.parent[node]!) {
    switch (syntax.name(parent)) {
      case 'ArgList': {
        const call = syntax.parent[parent]!;
        if (makerOf(syntax, call) === undefined || argumentsOf(syntax, call)[0]!.value !== node) return array;
        if (whole) array = { start: syntax.from[call]!, end: syntax.to[call]! };
        node = call;
        break;
      }
      case 'ArrayExpression':
        whole = false;
        node = parent;
        break;
      case 'ParenthesizedExpression':
      case 'MemberExpression':
      case 'CallExpression':
      case 'BinaryExpression':
      case 'AwaitExpression':
        node = parent;
        break;
      case 'VariableDeclaration':
      case 'AssignmentExpression':
      case 'Property':
      case 'PropertyDeclaration':
        return named(syntax, array, target(syntax, parent, node));
      default:
        return array;
    }
  }
  return array;
}

/** What stands before `= value` or `: value`, a type left out. */
function target(syntax: Syntax, parent: Node, value: Node): Node {
  const children = syntax.children(parent).filter((child) => syntax.name(child) !== 'TypeAnnotation');
  const index = children.indexOf(value);
  return /^[=:]$/.test(syntax.source(children[index - 1] ?? none)) ? (children[index - 2] ?? none) : none;
}

function named(syntax: Syntax, array: { start: number; end: number }, word: Node): AssignedName {
  const property = syntax.property(word);
  const name = syntax.word(property === none ? word : property);
  return name !== undefined && /^[\w$#]+$/.test(name) ? { ...array, name } : array;
}
