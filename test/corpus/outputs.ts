/**
 * Which arrays the saved outputs of notebooks hold, over a folder of other people's: every output is gone through,
 * with its time, and some are drawn to be judged by hand.
 *
 *     node test/corpus/outputs.ts FOLDER [--judge 200] [--seed 1]
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { LossLensError } from '../../engine/errors.ts';
import { type Output, type PrintedArray, printedArrays } from '../../engine/printed/index.ts';

interface Saved extends Output {
  /** `path[cell]`, from the folder. */
  readonly place: string;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { judge: { type: 'string', default: '0' }, seed: { type: 'string', default: '1' } },
});
const folder = positionals[0];
if (folder === undefined) throw new Error('Name the folder of notebooks.');

const seen = new Set<string>();
const withArrays: { readonly saved: Saved; readonly arrays: readonly PrintedArray[] }[] = [];
const refusals = new Map<string, number>();
let outputs = 0;
let arrays = 0;
let named = 0;
let slowest = { ms: 0, place: '' };

for (const saved of outputsIn(folder)) {
  const key = createHash('sha1')
    .update(JSON.stringify([saved.text, saved.html, saved.code]))
    .digest('hex');
  if (seen.has(key)) continue;
  seen.add(key);
  outputs++;
  const start = performance.now();
  const found = printedArrays(saved);
  const ms = performance.now() - start;
  if (ms > slowest.ms) slowest = { ms, place: saved.place };
  if (found.length === 0) continue;
  withArrays.push({ saved, arrays: found });
  for (const array of found) {
    arrays++;
    if (array.name !== undefined) named++;
    const outcome = describe(array);
    if (outcome.startsWith('refused')) refusals.set(outcome, (refusals.get(outcome) ?? 0) + 1);
  }
}

console.log(`${outputs} outputs, ${withArrays.length} with arrays; ${arrays} arrays, ${named} with a name.`);
console.log(`Refused: ${[...refusals].map(([code, count]) => `${count} ${code}`).join(', ') || 'none'}.`);
console.log(`Slowest: ${slowest.ms.toFixed(0)} ms, ${slowest.place}.`);

const drawn = shuffled(withArrays, Number(values.seed)).slice(0, Number(values.judge));
for (const [index, { saved, arrays: found }] of drawn.entries()) {
  console.log(`\n##### ${index + 1}: ${saved.place}`);
  console.log(`code: ${saved.code?.slice(-300)}`);
  console.log(`text: ${saved.text?.slice(0, 700)}`);
  if (saved.html !== undefined) console.log(`html of ${saved.html.length} characters`);
  for (const array of found.slice(0, 12)) {
    console.log(
      `--> ${array.name ?? '(no name)'}: ${describe(array)}${array.decimals === undefined ? '' : `, ${array.decimals} decimals`}`,
    );
  }
  if (found.length > 12) console.log(`--> and ${found.length - 12} more`);
}

function describe({ read }: PrintedArray): string {
  try {
    const { dtype, origin, shape, data } = read();
    return `${origin ?? dtype} [${shape}] ${data.slice(0, 6).join(' ')}${data.length > 6 ? ` … ${data.slice(-2).join(' ')}` : ''}`;
  } catch (error) {
    if (error instanceof LossLensError) return `refused as ${error.code}`;
    throw error;
  }
}

function* outputsIn(root: string): Generator<Saved> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ipynb'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const path = relative(root, file).replaceAll('\\', '/');
    let notebook: Notebook;
    try {
      notebook = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      continue;
    }
    const cells = notebook.cells ?? notebook.worksheets?.flatMap((sheet) => sheet.cells) ?? [];
    for (const [index, cell] of cells.entries()) {
      const code = joined(cell.source ?? cell.input) ?? '';
      for (const output of cell.outputs ?? []) {
        const data = output.data ?? {};
        const text = joined(
          output.output_type === 'stream' ? output.text : (data['text/plain'] ?? output.text),
        );
        const html = joined(data['text/html'] ?? output.html);
        const json = data['application/json'];
        const shown = json === undefined ? text : JSON.stringify(json);
        if (shown === undefined && html === undefined) continue;
        yield {
          place: `${path}[${index}]`,
          code,
          kind:
            output.output_type === 'stream'
              ? 'stream'
              : /^(?:execute_result|pyout)$/.test(output.output_type)
                ? 'value'
                : 'other',
          ...(shown !== undefined && { text: shown }),
          ...(html !== undefined && { html }),
        };
      }
    }
  }
}

type Text = string | string[];
interface Cell {
  readonly source?: Text;
  readonly input?: Text;
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly text?: Text;
    readonly html?: Text;
    readonly data?: Readonly<Record<string, Text>>;
  }[];
}
interface Notebook {
  readonly cells?: readonly Cell[];
  readonly worksheets?: readonly { readonly cells: readonly Cell[] }[];
}

function joined(text: Text | undefined): string | undefined {
  return Array.isArray(text) ? text.join('') : text;
}

/** The same order for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const rank = (index: number) => createHash('sha1').update(`${seed} ${index}`).digest('hex');
  return items
    .map((item, index) => ({ item, rank: rank(index) }))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .map(({ item }) => item);
}
