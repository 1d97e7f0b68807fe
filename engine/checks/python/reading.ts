/** How Python calls of losses give their options. */
import type { ReadCall } from '../../recognise/python/calls.ts';
import { argumentsOf, type Node, none } from '../../recognise/python/syntax.ts';
import type { PythonProgram } from './program.ts';

/** The calls that give a loss its options: where it is made, and where it is evaluated if that takes options too. */
export function optionCalls({ fixed, evaluates, named }: ReadCall): Node[] {
  const calls = fixed.map(({ call }) => call);
  if (named.value.as === 'function' && evaluates !== none) calls.push(evaluates);
  return calls;
}

/** The keyword argument of that name, as its name and value stand in the source; `undefined` when it is not given so. */
export function keywordArgument(
  program: PythonProgram,
  call: Node,
  keyword: string,
): { readonly word: Node; readonly value: Node } | undefined {
  const { syntax } = program;
  const found = argumentsOf(syntax, call).find((given) => given.keyword === keyword);
  if (!found) return undefined;
  const items = syntax.children(syntax.child(call, 'ArgList'));
  return { word: items[items.indexOf(found.value) - 2]!, value: found.value };
}
