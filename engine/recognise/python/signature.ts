/** The call that is being written around an offset: what its callee takes, and which of that comes next. */
import type { LossSignature } from '../recognised.ts';
import type { NodeRange } from '../tree.ts';
import type { PythonLosses } from './losses.ts';
import { type Node, none, type Syntax } from './syntax.ts';

export function signatureAt(losses: PythonLosses, offset: number): LossSignature | undefined {
  const { syntax } = losses;
  const list = listAround(syntax, losses.nodesBefore(offset), offset);
  if (list === none) return undefined;
  const callee = syntax.first[syntax.parent[list]!]!;
  const value = losses.values.of(callee).find((candidate) => candidate.kind === 'loss');
  // A partial's own call names the loss, and what it fixes comes behind.
  if (value?.kind !== 'loss' || !value.info) return undefined;
  const makes = value.as === 'class';
  const takes = makes ? (value.info.constructorArguments ?? []) : value.info.callArguments;
  return { symbol: value.symbol, makes, arguments: takes, active: activeIn(syntax, list, offset, takes) };
}

/** The innermost list of arguments that the offset is in, its brackets left out; it may still be open. */
function listAround(syntax: Syntax, { first, end }: NodeRange, offset: number): Node {
  let found = none;
  for (let node = first; node < end; node++) {
    if (syntax.from[node]! >= offset) break;
    const name = syntax.name(node);
    if (
      !/^(ArgList|ArrayExpression|DictionaryExpression|SetExpression|TupleExpression|Comment|LambdaExpression)$/.test(
        name,
      )
    )
      continue;
    const closed = /[)\]}]$/.test(syntax.source(node));
    const inside =
      offset < syntax.to[node]! || (offset === syntax.to[node]! && !closed && name === 'ArgList');
    const open = name === 'ArgList' && !closed && isBlank(syntax.text.slice(syntax.to[node]!, offset));
    if (inside || open) found = node;
  }
  return syntax.name(found) === 'ArgList' && syntax.name(syntax.parent[found]!) === 'CallExpression'
    ? found
    : none;
}

const isBlank = (text: string): boolean => text.trim() === '';

/** Commas before the offset count positions; a keyword says its own. */
function activeIn(
  syntax: Syntax,
  list: Node,
  offset: number,
  takes: LossSignature['arguments'],
): number | undefined {
  let position = 0;
  let keyword: string | undefined;
  let unpacked = false;
  for (let child = syntax.first[list]!; child !== none; child = syntax.next[child]!) {
    if (syntax.from[child]! >= offset) {
      // The name of a keyword that the offset stands before.
      break;
    }
    const name = syntax.name(child);
    if (name === ',') {
      position++;
      keyword = undefined;
    } else if (name === '*' || name === '**') unpacked = true;
    else if (name === 'VariableName' && syntax.name(syntax.next[child]!) === 'AssignOp') {
      keyword = syntax.source(child);
    }
  }
  if (keyword !== undefined) {
    const at = takes.findIndex((argument) => argument.name === keyword);
    return at < 0 ? undefined : at;
  }
  // Behind `*values` nobody knows which position is which.
  if (unpacked) return undefined;
  const positional = takes.filter((argument) => !argument.keywordOnly);
  return position < positional.length ? takes.indexOf(positional[position]!) : undefined;
}
