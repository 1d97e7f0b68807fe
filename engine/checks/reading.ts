/** What the checks ask of the calls of losses. */
import type { ReadCall } from '../recognise/python/calls.ts';
import { argumentsOf, type Node, none, unwrap } from '../recognise/python/syntax.ts';
import { type Contracted, contractOf } from './contracts.ts';
import type { Program } from './program.ts';
import type { Tensor } from './tensors.ts';

/** A call that evaluates a loss, and the prediction that it is given. */
export interface Evaluation extends Contracted {
  readonly call: ReadCall;
  /** The expression that is passed. */
  readonly passed: Node;
  readonly tensor: Tensor;
}

const known = new WeakMap<Program, Evaluation[]>();

/** Every call that gives a loss a prediction, where what it takes is known. */
export function evaluations(program: Program): readonly Evaluation[] {
  const found = known.get(program) ?? readEvaluations(program);
  known.set(program, found);
  return found;
}

function readEvaluations(program: Program): Evaluation[] {
  return program.calls.flatMap((call) => {
    const contract = call.evaluates === none ? undefined : contractOf(call);
    const passed = contract ? argument(call, contract.argument) : none;
    if (!contract || passed === none) return [];
    return [{ ...contract, call, passed, tensor: program.tensors.of(passed) }];
  });
}

/** The expression that a call passes as one of its arrays; `none` when it passes none. */
export function argument({ arrays }: ReadCall, name: string): Node {
  return arrays.get(name) ?? none;
}

/** `CrossEntropyLoss`, of what has a path in front. */
export function shortName({ named }: ReadCall): string {
  const { symbol } = named.reported;
  return symbol.slice(symbol.lastIndexOf('.') + 1);
}

export function range(program: Program, node: Node): { start: number; end: number } {
  return { start: program.syntax.from[node]!, end: program.syntax.to[node]! };
}

/** Keras: `model.compile(…)` with one loss, and what the model gives. */
export interface Compiled {
  readonly call: ReadCall;
  /** The expression of the loss in `compile`. */
  readonly passed: Node;
  readonly tensor: Tensor;
}

export function compiled(program: Program): Compiled[] {
  const { syntax } = program;
  const losses = new Map<Node, ReadCall>();
  for (const call of program.calls) {
    if (!losses.has(call.node)) losses.set(call.node, call);
    if (!losses.has(call.named.expression)) losses.set(call.named.expression, call);
  }
  return program.methodCalls('compile').flatMap((call) => {
    const passed = unwrap(syntax, program.keyword(call, 'loss', 1));
    if (passed === none) return [];
    const loss = losses.get(passed);
    const model = syntax.first[syntax.first[call]!]!;
    return loss ? [{ call: loss, passed, tensor: program.tensors.output(model) }] : [];
  });
}

/** The calls that give a loss its options: where it is made, and where it is evaluated if that takes options too. */
export function optionCalls({ fixed, evaluates, named }: ReadCall): Node[] {
  const calls = fixed.map(({ call }) => call);
  if (named.value.as === 'function' && evaluates !== none) calls.push(evaluates);
  return calls;
}

/** The keyword argument of that name, as its name and value stand in the source; `undefined` when it is not given so. */
export function keywordArgument(
  program: Program,
  call: Node,
  keyword: string,
): { readonly word: Node; readonly value: Node } | undefined {
  const { syntax } = program;
  const found = argumentsOf(syntax, call).find((given) => given.keyword === keyword);
  if (!found) return undefined;
  const items = syntax.children(syntax.child(call, 'ArgList'));
  return { word: items[items.indexOf(found.value) - 2]!, value: found.value };
}
