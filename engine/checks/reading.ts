/** What the checks ask of the calls of losses. */
import { t } from '@vscode/l10n';
import { type Node, none } from '../recognise/tree.ts';
import { type Contracted, contractOf } from './contracts.ts';
import type { Edit, Fix, Related } from './finding.ts';
import type { NamedCall, Program } from './program.ts';
import type { Activation, Maker, Tensor } from './tensor.ts';

/** A call that evaluates a loss, and the prediction that it is given. */
export interface Evaluation<C extends NamedCall = NamedCall> extends Contracted {
  readonly call: C;
  /** The expression that is passed. */
  readonly passed: Node;
  readonly tensor: Tensor;
}

const known = new WeakMap<Program, Evaluation[]>();

/** Every call that gives a loss a prediction, where what it takes is known. */
export function evaluations<P extends Program>(program: P): readonly Evaluation<P['calls'][number]>[] {
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

export interface Given extends Evaluation {
  /** Whether a model is compiled with the loss: there `passed` is the loss. */
  readonly compiled: boolean;
}

/** `evaluations`, and the models that are compiled with a loss. */
export function given(program: Program): readonly Given[] {
  return [
    ...evaluations(program).map((evaluation) => ({ ...evaluation, compiled: false })),
    ...program.compiled.flatMap(({ call, passed, tensor }) => {
      const contract = contractOf(call);
      return contract ? [{ ...contract, call, passed, tensor, compiled: true }] : [];
    }),
  ];
}

/** How a sentence names the operation. */
export function operationName(form: Activation): string {
  switch (form) {
    case 'softmax':
      return t('softmax');
    case 'log-softmax':
      return t('log-softmax');
    case 'sigmoid':
      return t('sigmoid');
    case 'log-sigmoid':
      return t('log-sigmoid');
    case 'tanh':
      return t('tanh');
    case 'relu':
      return t('ReLU');
  }
}

/** That the operation is here: beside a finding. */
export function operationHere(program: Program, { node }: Maker, form: Activation): Related {
  return { ...range(program, node), message: t`The ${operationName(form)} is here.` };
}

export function layerHere(program: Program, { node }: Maker): Related {
  return { ...range(program, node), message: t('The last layer is here.') };
}

/** Takes away what gave a tensor its form. A loss in `compile` is no place to pass another tensor. */
export function withoutMaker(program: Program, { tensor: { maker, form }, passed, compiled }: Given): Fix[] {
  if (!maker || !form || form === 'logits' || (compiled && maker.as === 'call')) return [];
  return program.edits.withoutMaker(maker, passed, form);
}

/** The expression that a call passes as one of its arrays; `none` when it passes none. */
export function argument({ arrays }: NamedCall, name: string): Node {
  return arrays.get(name) ?? none;
}

/** `CrossEntropyLoss`, of what has a path in front. */
export function shortName({ named }: NamedCall): string {
  const { symbol } = named.reported;
  return symbol.slice(symbol.lastIndexOf('.') + 1);
}

export function range(program: Program, node: Node): { start: number; end: number } {
  return { start: program.syntax.from[node]!, end: program.syntax.to[node]! };
}

export function replace(program: Program, node: Node, text: string): Edit {
  return { ...range(program, node), text };
}
