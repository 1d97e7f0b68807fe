/** Timings and what is told of them. Milliseconds throughout. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How long each of so many runs took. */
export async function timed(runs: number, run: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(decimals, 4));
}

/** How often one thing takes as long as another, one ratio a round. */
export interface Ratio {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** The fastest run of all against the fastest run of all: what is left when others used the machine too. */
  readonly fastest: number;
}

export function ratio(theirs: readonly (readonly number[])[], ours: readonly (readonly number[])[]): Ratio {
  const each = theirs.map((times, round) => median(times) / median(ours[round]!));
  return {
    median: median(each),
    lowest: Math.min(...each),
    highest: Math.max(...each),
    fastest: Math.min(...theirs.flat()) / Math.min(...ours.flat()),
  };
}

/** `4.20 (3.90 to 4.61)` */
export const tellRatio = (of: Ratio): string =>
  `${digits(of.median)} (${digits(of.lowest)} to ${digits(of.highest)})`;

/** `median / fastest` of all rounds. */
export const tellTimes = (rounds: readonly (readonly number[])[]): string =>
  `${digits(median(rounds.flat()))} / ${digits(Math.min(...rounds.flat()))}`;

const noTimes = (contestants: object): Record<string, number[][]> =>
  Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));

/** Blocks of runs taken in turns, round after round, so that a machine that drifts drifts for all of them. */
export async function inTurns(
  rounds: number,
  contestants: Readonly<Record<string, () => Promise<readonly number[]>>>,
): Promise<Record<string, number[][]>> {
  const times = noTimes(contestants);
  for (let round = 0; round < rounds; round++) {
    for (const [name, block] of Object.entries(contestants)) {
      // Thread pools spin for a while after their last task.
      await pause(30);
      times[name]!.push([...(await block())]);
    }
  }
  return times;
}

/**
 * One run of each in turn, round after round: for what two threads of the same pool run. Blocks of eight told more of
 * the scheduler than of the kernels: two threads that it wakes on one processor stay there for run after run, which
 * doubles the time of one contestant's whole block.
 */
export async function runByRun(
  rounds: number,
  contestants: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, number[][]>> {
  const times = noTimes(contestants);
  for (let round = 0; round < rounds; round++) {
    await pause(30);
    for (const run of Object.values(contestants)) await run();
    for (const name of Object.keys(contestants)) times[name]!.push([]);
    for (let i = 0; i < 16; i++) {
      for (const [name, run] of Object.entries(contestants))
        times[name]!.at(-1)!.push(...(await timed(1, run)));
    }
  }
  return times;
}
