/**
 * Asks libraries and engine about the same calls, made at random out of the golden cases:
 * npm run test:random -- [LIBRARY]… [--count N] [--seed S]
 * Says where they part, and ends with 1 where the engine gave another number, or one where the library refuses. Counted
 * alone are calls with numbers that leave float32 no digits, and those that only the engine refuses: no wrong numbers.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../engine/evaluation.ts';
import { dispose, evaluate, LossLensError } from '../../engine/node.ts';
import { departures, type Golden, goldensIn } from './goldens.ts';

const here = import.meta.dirname;
const [python, ...given] = process.argv.slice(2) as [string, ...string[]];
const { values, positionals } = parseArgs({
  args: given,
  allowPositionals: true,
  options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const all = globSync('cases_*.py', { cwd: here }).map((file) => file.slice('cases_'.length, -'.py'.length));
const libraries = positionals.length > 0 ? positionals : all.toSorted();

type Outcome =
  | 'differ on extreme numbers'
  | 'agree'
  | 'both refuse'
  | 'only the engine refuses'
  | 'DIFFER'
  | 'ONLY THE LIBRARY REFUSES'
  | 'THROWS';
const grave: readonly Outcome[] = ['DIFFER', 'ONLY THE LIBRARY REFUSES', 'THROWS'];

async function compare(golden: Golden, backend: BackendName): Promise<readonly [Outcome, string]> {
  const { symbol, inputs, parameters } = golden;
  const refusal = golden.error ?? golden.gradientError;
  try {
    const evaluation = await evaluate({ loss: symbol, inputs, parameters, gradients: true, backend });
    if (refusal !== undefined)
      return ['ONLY THE LIBRARY REFUSES', `[${evaluation.value.data.slice(0, 5)}]: ${refusal}`];
    const problems = departures(golden, evaluation);
    if (problems.length === 0) return ['agree', ''];
    return [isExtreme(golden) ? 'differ on extreme numbers' : 'DIFFER', problems.join('; ')];
  } catch (error) {
    if (!(error instanceof LossLensError))
      return ['THROWS', String(error instanceof Error ? error.stack : error)];
    return refusal === undefined
      ? ['only the engine refuses', `${error.code}: ${error.message}`]
      : ['both refuse', ''];
  }
}

/** Whether it is asked about infinities, NaN, or numbers whose sums and squares float32 does not hold. */
const isExtreme = ({ inputs }: Golden): boolean =>
  Object.values(inputs).some(({ data }) =>
    Array.from<number | bigint>(data).some((x) => {
      const size = Math.abs(Number(x));
      return !(size < 1e6) || (size > 0 && size < 1e-6);
    }),
  );

/** The call, short enough to be read. */
function written({ symbol, note, inputs, parameters }: Golden): string {
  const arrays = Object.entries(inputs).map(([name, { dtype, shape, data }]) => {
    const numbers = Array.from(data.slice(0, 12), String).join(', ');
    return `${name}: ${dtype}[${shape}] ${numbers}${data.length > 12 ? ', …' : ''}`;
  });
  return `${symbol} (${note})\n      ${JSON.stringify(parameters)}\n      ${arrays.join('\n      ')}`;
}

const folder = mkdtempSync(path.join(tmpdir(), 'loss-lens-random-'));
let found = 0;
try {
  for (const library of libraries) {
    const file = path.join(folder, `${library}.json`);
    const asked = [path.join(here, 'ask_random.py'), library, values.seed, values.count, file];
    const { status } = spawnSync(python, asked, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${library} was not asked`);
    const counts = new Map<Outcome, number>();
    for (const golden of goldensIn(file)) {
      const outcomes = [];
      for (const backend of ['reference', 'wasm'] as const) outcomes.push(await compare(golden, backend));
      const [outcome, told] = outcomes.find(([each]) => grave.includes(each)) ?? outcomes[0]!;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (grave.includes(outcome)) console.log(`${outcome}: ${told}\n      ${written(golden)}`);
      else if (outcome === 'only the engine refuses') console.log(`  refused: ${golden.symbol}: ${told}`);
    }
    console.log(
      `${library}, seed ${values.seed}: ${[...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`,
    );
    found += grave.reduce((sum, outcome) => sum + (counts.get(outcome) ?? 0), 0);
  }
} finally {
  rmSync(folder, { recursive: true });
  dispose();
}
process.exitCode = found > 0 ? 1 : 0;
