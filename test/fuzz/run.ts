/**
 * Fuzzes one target after the other, each in a process of its own: npm run fuzz -- [NAME]… [--runs N] [--seed S]
 * N inputs each, a million unless given. Ends with 1 when anything was found; the seed of each batch makes it again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { dispose } from '../../engine/node.ts';
import type { Target } from './target.ts';
import { targets } from './targets/index.ts';

/** Inputs under one seed. */
const batch = 1000;
/** Megabytes that a process may have held at once. */
const most = 1500;
/** Findings after which a target is left. */
const mostFound = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    here: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0) {
  console.error(
    `no such target: ${unknown.join(', ')}. There are ${targets.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}
const chosen = positionals.length > 0 ? positionals : targets.map(({ name }) => name);

if (values.here) {
  const found = await fuzz(
    targets.find(({ name }) => name === chosen[0])!,
    Number(values.runs),
    Number(values.seed),
  );
  dispose();
  process.exit(found === 0 ? 0 : 1);
} else {
  let failed = 0;
  for (const name of chosen) {
    const script = [import.meta.filename, name, '--here', '--runs', values.runs, '--seed', values.seed];
    const [code, signal] = await once(spawn(process.execPath, script, { stdio: 'inherit' }), 'exit');
    if (code === 0) continue;
    failed++;
    console.error(`${name}: ${signal ? `ended by ${signal}` : `ended with ${code}`}`);
  }
  process.exit(failed === 0 ? 0 : 1);
}

/** @returns how many different things were found */
async function fuzz({ name, each, property }: Target, runs: number, seed: number): Promise<number> {
  // The thread that watches sees this count stand still, and ends the process: nothing else can, in an endless loop.
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const watching = new Worker(new URL('./watchdog.ts', import.meta.url), { workerData: { name, progress } });
  watching.unref();
  const own = property(() => Atomics.add(progress, 0, 1));
  const found = new Set<string>();
  const begin = performance.now();
  let done = 0;
  for (let at = seed; done < runs && found.size < mostFound; at++) {
    Atomics.store(progress, 1, at);
    const numRuns = Math.max(1, Math.ceil(Math.min(batch, runs - done) / each));
    const details = await fc.check(own, { seed: at, numRuns });
    done += numRuns * each;
    if (details.failed) {
      const error = details.errorInstance instanceof Error ? details.errorInstance : undefined;
      const text = error?.stack ?? String(details.errorInstance);
      const key = text.replaceAll(/\d+/g, '#').split('\n').slice(0, 3).join('\n');
      if (!found.has(key))
        console.error(`${name}: seed ${at}\n${fc.stringify(details.counterexample)}\n${text}\n`);
      found.add(key);
    }
    const held = process.resourceUsage().maxRSS / 1024;
    if (held > most) {
      console.error(`${name}: ${held.toFixed(0)} MB in or before the batch of seed ${at}`);
      return found.size + 1;
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  const held = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${name}: ${done} inputs from seed ${seed}, ${found.size} found, ${seconds.toFixed(0)} s, ${held.toFixed(0)} MB`,
  );
  return found.size;
}
