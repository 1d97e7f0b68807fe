import { evaluate } from '../evaluate.ts';
import { explainElement, explainValue, type Line } from '../explain/index.ts';
import { type Command, exit, UsageError } from './command.ts';
import { askedIn, commonHelp } from './request.ts';
import { table } from './shown.ts';

export const explainCommand: Command = {
  name: 'explain',
  usage: 'LOSS --INPUT FILE… [--PARAMETER VALUE]… [--element N]',
  summary: 'one element of a loss worked through, and what other reductions give',
  help: `${commonHelp}

  --element N              counts through the unreduced loss from 0, row-major; the largest unless given

Exit codes as for eval.`,
  async run(words, output) {
    const { request, given } = await askedIn(words, { element: { type: 'string' } });
    const { elements, nonFinite } = await evaluate({ ...request, elements: true });
    const row = rowOf(given['element']?.[0], elements!.data.length, () => largest(elements!.data));
    const { reductions } = await explainValue(request);
    for (const { reduction, isOwn, quotient, failure } of reductions) {
      const text = quotient
        ? Number.isNaN(quotient[0])
          ? 'an array'
          : String(quotient[0])
        : (failure?.message ?? '');
      output.print(`${isOwn ? '*' : ' '} ${String(reduction).padEnd(20)} ${text}`);
    }
    if (row === undefined) return exit.done;
    const { index, lines, gradient, unexplained } = explainElement(request, row);
    output.print(`\nElement [${index}]`);
    if (unexplained) output.print(`  ${unexplained}`);
    if (lines.length > 0) output.print(written(lines));
    if (gradient) output.print(`\nIts gradient by ${gradient.by}\n${written(gradient.lines)}`);
    if (nonFinite.count > 0) output.note(`${nonFinite.count} elements are not finite.`);
    return exit.done;
  },
};

/** @throws UsageError for a number that no element has */
function rowOf(word: string | undefined, count: number, usual: () => number): number | undefined {
  if (word === undefined) return count > 0 ? usual() : undefined;
  const row = Number(word);
  if (!/^\d+$/.test(word) || row >= count) {
    throw new UsageError(
      `--element is '${word}'. Expected: ${count > 0 ? `0 to ${count - 1}` : 'none, there are no elements'}.`,
    );
  }
  return row;
}

/** The first that is not finite, else the largest. */
function largest(data: ArrayLike<number | bigint>): number {
  let best = 0;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(Number(data[i]))) return i;
    if (Number(data[i]) > Number(data[best])) best = i;
  }
  return best;
}

const written = (lines: readonly Line[]): string =>
  table(
    lines.map(({ name, symbols, numbers, result }) => [
      `  ${name ?? ''}`,
      [symbols, numbers, result].filter((part, i, all) => part !== all[i - 1]).join(' = '),
    ]),
  );
