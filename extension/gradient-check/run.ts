/** A loss of the user's in their kernel: its signature, and what the check measures there. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../engine/errors.ts';
import { decode, exchange } from '../arrays/kernel/exchange.ts';
import type { Kernel } from '../arrays/kernel/jupyter.ts';
import type { Loading } from '../arrays/offer.ts';
import { statement } from '../arrays/python/code.ts';
import { checkedAnswer, type Described, noAnswer, saidBy } from '../arrays/python/described.ts';
import program from './check.py';
import type { Checked, Measured } from './verdict.ts';

const mime = 'application/vnd.loss-lens.check+json';

/** Elements that are differentiated by, over all arguments. */
const mostElements = 256;

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
}

/** Where an argument's numbers are: in the kernel, or here. */
export type Point = { readonly name: string } & (
  | { readonly path: Described['path'] }
  | { readonly numbers: readonly string[]; readonly shape: readonly number[]; readonly dtype: string }
);

/** @throws LossLensError `unreadable` when there is no such function in the kernel */
export async function signatureOf(kernel: Kernel, name: string, signal: AbortSignal): Promise<Parameter[]> {
  const { parameters } = await asked(kernel, name, { kind: 'signature', function: name }, quiet(signal));
  return parameters as Parameter[];
}

/**
 * @param by  the names of the arguments that are differentiated by
 * @throws LossLensError `process-error` when the function raises, as `exchange`
 */
export async function measure(
  kernel: Kernel,
  name: string,
  points: readonly Point[],
  by: readonly string[],
  loading: Loading,
): Promise<Checked> {
  const request = { kind: 'check', function: name, arguments: points, by, most: mostElements };
  const { checked } = await asked(kernel, name, request, loading);
  return checkedFrom(checked as Wire);
}

const quiet = (signal: AbortSignal): Loading => ({ report: () => undefined, signal });

async function asked(
  kernel: Kernel,
  name: string,
  request: object,
  { report, signal }: Loading,
): Promise<Record<string, unknown>> {
  const code = statement(program, { request: JSON.stringify({ ...request, mime }) });
  let answer: Record<string, unknown> | undefined;
  for await (const item of exchange(kernel, code, name, signal)) {
    if (item.mime !== mime) continue;
    const told = checkedAnswer(JSON.parse(decode(item.data)), name);
    if (told.raised !== undefined)
      throw new LossLensError('process-error', t`${name} raised ${saidBy(told.raised)}`);
    if (typeof told.progress === 'number') report(told.progress);
    else answer = told;
  }
  if (!answer) throw noAnswer(name);
  return answer;
}

/** As it comes: numbers are text, since JSON has no NaN and no infinities; `outside` is a phrase. */
interface Wire extends Omit<Checked, 'value' | 'inputs'> {
  readonly value: string;
  readonly inputs: readonly (Omit<Checked['inputs'][number], 'elements'> & {
    readonly elements: readonly Readonly<Record<string, unknown>>[];
  })[];
}

function checkedFrom(wire: Wire): Checked {
  return {
    ...wire,
    value: numberOf(wire.value),
    inputs: wire.inputs.map((input) => ({
      ...input,
      elements: input.elements.map(
        (element) =>
          Object.fromEntries(
            Object.entries(element).map(([key, value]) => [
              key,
              key === 'outside' ? saidBy(value) : typeof value === 'string' ? numberOf(value) : value,
            ]),
          ) as unknown as Measured,
      ),
    })),
  };
}

/** As Python writes it. */
function numberOf(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
