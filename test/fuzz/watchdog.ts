/** Ends the process when one input keeps it busy: a thread beside it, for an endless loop answers nobody. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** Milliseconds: a loaded machine stands still for some seconds at times. */
const patience = 30_000;

const { name, progress } = workerData as { readonly name: string; readonly progress: Int32Array };
let [seen, since] = [-1, performance.now()];
setInterval(() => {
  const now = Atomics.load(progress, 0);
  if (now !== seen) [seen, since] = [now, performance.now()];
  if (performance.now() - since < patience) return;
  writeSync(2, `${name}: run ${now} hangs, in the batch of seed ${Atomics.load(progress, 1)}\n`);
  process.kill(process.pid, 'SIGKILL');
}, 500);
