import { writeFile } from 'node:fs/promises';
import type { NdArray } from '../array.ts';
import { evaluate } from '../evaluate.ts';
import type { Evaluation } from '../evaluation.ts';
import { predictionOf } from '../presentation/prediction.ts';
import { evaluableNamed } from '../request.ts';
import { type Command, exit, type Output, UsageError } from './command.ts';
import { npyOf } from './npy.ts';
import { type Asked, askedIn, commonHelp, describeSubject } from './request.ts';
import { jsonArray, jsonNumber, literal, table } from './shown.ts';

export const evalCommand: Command = {
  name: 'eval',
  usage: 'LOSS --INPUT FILE… [--PARAMETER VALUE]… [options]',
  summary: 'the value of a loss, and its gradient',
  help: `LOSS is an id of the catalogue ('huber') or a framework's symbol ('torch.nn.HuberLoss'), which computes as that
framework does. 'loss-lens eval LOSS --help' lists its inputs and parameters.

${commonHelp}

  --gradient [NAME=]FILE.npy  writes the gradient by an input, the prediction unless named; more than once
  --gradient NAME             prints it
  --elements FILE.npy         writes each element's share of the loss
  --value FILE.npy            writes the value, for the reduction none
  --json                      prints JSON; NaN and infinities are the strings "nan", "inf", "-inf"

Exit code 0 when it was evaluated, 1 when the loss refuses what it is given, 2 for words that make no sense.`,
  async run(words, output) {
    const [loss] = words;
    if (loss !== undefined && words.includes('--help')) {
      output.print(describeSubject(evaluableNamed(loss)));
      return exit.done;
    }
    const asked = await askedIn(words, {
      gradient: { type: 'string', multiple: true },
      elements: { type: 'string' },
      value: { type: 'string' },
      json: { type: 'boolean' },
    });
    const wanted = (asked.given['gradient'] ?? []).map((word) => wantedGradient(word, asked));
    const [elements] = asked.given['elements'] ?? [];
    const evaluation = await evaluate({
      ...asked.request,
      gradients: wanted.map(({ by }) => by),
      elements: elements !== undefined,
    });
    const written: string[] = [];
    const write = async (file: string, array: NdArray): Promise<void> => {
      await writeArray(file, array);
      written.push(file);
    };
    for (const { by, file } of wanted) if (file) await write(file, evaluation.gradients[by]!);
    if (elements !== undefined) await write(elements, evaluation.elements!);
    const [value] = asked.given['value'] ?? [];
    if (value !== undefined) await write(value, evaluation.value);
    const printed = wanted.filter(({ file }) => !file).map(({ by }) => by);
    if (asked.flags.has('json'))
      output.print(JSON.stringify(jsonOf(asked, evaluation, printed, written), undefined, 2));
    else report(evaluation, printed, written, output);
    return exit.done;
  },
};

interface Wanted {
  readonly by: string;
  readonly file?: string;
}

/** @throws UsageError for a name that is no input of the loss with a gradient */
function wantedGradient(word: string, { subject, request }: Asked): Wanted {
  const [, name, file] = /^(?:([^=]+)=)?([^=]+\.npy)$/i.exec(word) ?? [undefined, word, undefined];
  const possible = subject.inputs.filter((each) => each.kind !== 'integer' && request.inputs[each.name]);
  const by = name ?? (possible.length > 0 ? predictionOf(subject.inputs, request.inputs) : '');
  if (!possible.some((each) => each.name === by)) {
    throw new UsageError(
      `--gradient is '${word}'. Expected: FILE.npy, NAME=FILE.npy or NAME, where NAME is an input that is given: ${possible.map((each) => each.name).join(', ') || 'none is'}.`,
    );
  }
  return { by, ...(file !== undefined && { file }) };
}

/** @throws UsageError where it cannot be written */
async function writeArray(file: string, array: NdArray): Promise<void> {
  if (!/\.npy$/i.test(file))
    throw new UsageError(`'${file}' is to be written. Expected: a file that ends in .npy.`);
  try {
    await writeFile(file, npyOf(array));
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

function report(
  { value, numerator, denominator, nonFinite, gradients, warnings, backend, dtype }: Evaluation,
  printed: readonly string[],
  written: readonly string[],
  output: Output,
): void {
  const shown = (array: NdArray): string =>
    literal(array) ?? `of shape [${array.shape}], too many to be printed`;
  const rows: [string, string][] = [['value', shown(value)]];
  if (value.shape.length === 0 && Number.isFinite(denominator)) {
    rows.push(['made of', `${numerator} ÷ ${denominator}`]);
  }
  for (const by of printed) rows.push([`gradient by ${by}`, shown(gradients[by]!)]);
  if (nonFinite.count > 0) {
    const first = nonFinite.first ? `, the first at [${nonFinite.first}]` : '';
    rows.push(['not finite', `${nonFinite.count} of its elements${first}`]);
  }
  rows.push(['computed', `by ${backend}, in ${dtype}`]);
  for (const file of written) rows.push(['written', file]);
  output.print(table(rows));
  for (const { message } of warnings) output.note(`warning: ${message}`);
}

function jsonOf(
  { request }: Asked,
  { value, numerator, denominator, nonFinite, warnings, backend, dtype, gradients }: Evaluation,
  printed: readonly string[],
  written: readonly string[],
): object {
  return {
    loss: request.loss,
    value: jsonArray(value),
    numerator: jsonNumber(numerator),
    denominator: jsonNumber(denominator),
    ...(printed.length > 0 && {
      gradients: Object.fromEntries(printed.map((by) => [by, jsonArray(gradients[by]!)])),
    }),
    nonFinite,
    warnings,
    written,
    backend,
    dtype,
  };
}
