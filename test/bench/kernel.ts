/** An array from a Jupyter kernel, by the clock and by processor time, beside the kernel that hands its bytes over alone. */
import { table, write } from './report.ts';

const bytes = 200_000_000;

export async function fromKernel(rounds: number): Promise<void> {
  // Python source becomes text, as the build makes it.
  await import('../kernel/text.ts');
  const { started } = await import('../kernel/kernel.ts');
  const { readArray } = await import('../../extension/arrays/kernel/read.ts');
  const { process: python, kernel, run } = await started();
  try {
    await run(`import base64, time, numpy as np; array = np.random.default_rng(2).random(${bytes / 8})`);
    const rates: number[] = [];
    const encoding: number[] = [];
    const here: number[] = [];
    const there: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const kernelTime = async (): Promise<number> => Number(await run('print(time.process_time())')) * 1e3;
      const before = await kernelTime();
      const cpu = process.cpuUsage();
      const start = performance.now();
      await readArray(kernel, ['array'], {
        report: () => undefined,
        signal: new AbortController().signal,
      });
      rates.push(perSecond(performance.now() - start));
      const { user, system } = process.cpuUsage(cpu);
      here.push(perSecond((user + system) / 1e3));
      there.push(perSecond((await kernelTime()) - before));
      const alone = await run('t = time.time(); base64.b64encode(array.data); print(time.time() - t)');
      encoding.push(perSecond(Number(alone) * 1e3));
    }
    const told = (numbers: readonly number[]): string =>
      `${numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!.toFixed(0)} / ${Math.max(...numbers).toFixed(0)}`;
    table(
      ['200 MB of float64', 'by the clock', 'by the time of our process', 'of the kernel', 'base64 alone'],
      [['MB/s, median / fastest', told(rates), told(here), told(there), told(encoding)]],
    );
    write(
      'Through a stand-in for the Jupyter extension with a real ipykernel. Budget: 100 MB/s by the clock.',
    );
  } finally {
    await python.stop();
  }
}

const perSecond = (milliseconds: number): number => bytes / 1e3 / milliseconds;
