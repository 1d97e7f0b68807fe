/**
 * Evaluations that end well, are cancelled, are disposed of, or lose their thread, again and again; and what is left of
 * them in the end. node --expose-gc test/engine/faults/cycles.ts [HOW MANY], which prints the sentence and ends with 1 when
 * anything is left.
 */
import { configure, dispose, evaluate, prepare } from '../../../engine/node.ts';
import { watchedWorker } from '../interface/workers.ts';
import { scores, short } from './evaluations.ts';

const runs = Number(process.argv[2] ?? 1000);
/**
 * Megabytes that come and go: memories that wait for the next problem, what the collectors have not yet seen. By the
 * middle most of that is there.
 */
const allowed = { since: 300, sinceMiddle: 100 };

let deadly = false;
let living = 0;
const worker = () => {
  const thread = watchedWorker(({ type }, own) => {
    if (type === 'run' && deadly) own.terminate();
  })();
  living++;
  thread.onEnd(once(() => living--));
  return thread;
};
configure({ worker, threads: 2 });

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

const some = scores(20_000, 40);
const code = (error: unknown): string => String((error as { code?: unknown }).code ?? error);

/** What the i-th cycle ends with. */
async function cycle(i: number): Promise<string> {
  switch (i % 5) {
    case 0:
      return String((await evaluate({ ...some, backend: 'wasm' })).value.data[0]);
    case 1: {
      const controller = new AbortController();
      const running = evaluate({ ...some, backend: 'wasm', signal: controller.signal });
      setImmediate(() => controller.abort());
      return running.then(() => 'a result', code);
    }
    case 2: {
      const prepared = prepare({ ...some, backend: 'wasm' });
      const running = prepared.run();
      setImmediate(() => prepared.dispose());
      return running.then(() => 'a result', code);
    }
    case 3: {
      if (i % 10 !== 3) return String((await evaluate({ ...short, backend: 'reference' })).value.data[0]);
      deadly = true;
      const end = await evaluate({ ...short, backend: 'wasm' }).then(() => 'a result', code);
      deadly = false;
      return end;
    }
    default: {
      const several = await Promise.allSettled(
        Array.from({ length: 5 }, (_, k) =>
          evaluate({ ...scores(500 + 40 * (i % 50) + k, 40), backend: 'wasm' }),
        ),
      );
      return several.map((each) => (each.status === 'fulfilled' ? 'a result' : code(each.reason))).join(' ');
    }
  }
}

/** Megabytes of the process, without what V8 has for objects to come: twice that as it gets to know how many there are. */
const collected = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return (rss - heapTotal + heapUsed) / 1e6;
};

const ends = new Map<string, number>();
const count = (end: string): void => void ends.set(end, (ends.get(end) ?? 0) + 1);
// The first ones load and compile what stays.
for (let i = 0; i < 50; i++) await cycle(i);
const before = await collected();
const timersBefore = active('Timeout') + active('Immediate');
let middle = before;
for (let i = 0; i < runs; i++) {
  if (i === runs >> 1) middle = await collected();
  count(await cycle(i));
}
const after = await collected();
const left = {
  megabytes: Math.round(after - before),
  sinceMiddle: Math.round(after - middle),
  timers: active('Timeout') + active('Immediate') - timersBefore,
  workers: living,
};
dispose();
while (living > 0) await new Promise((resolve) => setTimeout(resolve, 10));
const found = [
  ...(left.megabytes > allowed.since ? [`${left.megabytes} MB`] : []),
  ...(left.sinceMiddle > allowed.sinceMiddle ? [`${left.sinceMiddle} MB since the middle`] : []),
  ...(left.timers > 0 ? [`${left.timers} timers`] : []),
  ...(left.workers > 2 ? [`${left.workers - 2} threads`] : []),
  ...process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Timeout/.test(name)),
];
const megabytes = { before, middle, after, peak: process.resourceUsage().maxRSS * 1.024e-3 };
const rounded = Object.fromEntries(Object.entries(megabytes).map(([when, held]) => [when, Math.round(held)]));
console.log(JSON.stringify({ runs, ends: Object.fromEntries(ends), megabytes: rounded, left, found }));
process.exitCode = found.length === 0 ? 0 : 1;

function active(kind: string): number {
  return process.getActiveResourcesInfo().filter((name) => name === kind).length;
}
