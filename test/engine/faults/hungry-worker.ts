/** The engine's worker, which asks for memory until it has none when it gets its second kernels: a small heap ends of that. */
import { parentPort } from 'node:worker_threads';
import '../../../engine/node-worker.ts';

let loads = 0;
parentPort!.on('message', ({ type }: { type: string }) => {
  if (type !== 'load' || ++loads < 2) return;
  const held: number[][] = [];
  for (;;) held.push(new Array<number>(100_000).fill(held.length));
});
