/** Value and gradient of each loss, data resident, against the same in other libraries. */
import { prepare } from '../../engine/node.ts';
import { type Case, cases } from './cases.ts';
import { type Peer, type Peers, peerNames } from './peers.ts';
import { table, write } from './report.ts';
import { digits, inTurns, median, type Ratio, ratio, tellRatio, tellTimes, timed } from './statistics.ts';

export interface Comparing {
  readonly peers: Peers | undefined;
  readonly threads: number;
  readonly rounds: number;
}

/** Relative difference up to which two float32 libraries gave one answer. */
const sameValue = 2e-5;

export async function compareLosses(chosen: readonly Case[], options: Comparing): Promise<void> {
  const rows: string[][] = [];
  const ratios = new Map<Peer, Ratio[]>();
  const notes = new Set<string>();
  const names = Object.keys(peerNames) as Peer[];
  for (const of of chosen) {
    const { times, failed } = await compare(of, options);
    const row = [of.title, tellTimes(times.ours!)];
    for (const peer of names) {
      const theirs = times[peer];
      if (theirs) {
        const against = ratio(theirs, times.ours!);
        ratios.set(peer, [...(ratios.get(peer) ?? []), against]);
        row.push(tellTimes(theirs), `${tellRatio(against)}; ${digits(against.fastest)}`);
      } else {
        row.push('–', '–');
        notes.add(
          `${peerNames[peer]} was not measured (${failed[peer] ?? 'no Python with NumPy was found'}).`,
        );
      }
    }
    rows.push(row);
    console.log(row.join(' | '));
  }
  if (chosen.length === cases.length) rows.push(summary(names, ratios));
  table(['', 'ours, ms', ...names.flatMap((peer) => [`${peerNames[peer]}, ms`, 'ratio'])], rows);
  write('Budget: MSE and BCE with logits at least 4 times PyTorch eager.');
  for (const note of notes) write(note);
}

function summary(names: readonly Peer[], ratios: ReadonlyMap<Peer, readonly Ratio[]>): string[] {
  const cell = (peer: Peer): string => {
    const of = ratios.get(peer);
    if (!of) return '–';
    const mean = (pick: (r: Ratio) => number): number =>
      Math.exp(of.reduce((sum, r) => sum + Math.log(pick(r)), 0) / of.length);
    return `${digits(mean((r) => r.median))}; ${digits(mean((r) => r.fastest))}`;
  };
  return ['geometric mean', '', ...names.flatMap((peer) => ['', cell(peer)])];
}

async function compare(
  of: Case,
  { peers, threads, rounds }: Comparing,
): Promise<{ times: Record<string, number[][]>; failed: Partial<Record<Peer, string>> }> {
  const inputs = of.inputs();
  const prepared = prepare({
    loss: of.symbol,
    inputs,
    gradients: ['input'],
    backend: 'wasm',
    ...(of.parameters && { parameters: of.parameters }),
  });
  try {
    const evaluation = await prepared.run();
    const warm = await timed(5, () => prepared.run());
    const runs = Math.min(40, Math.max(9, Math.round(250 / median(warm))));
    const { values, failed } = (await peers?.load(of, inputs, threads)) ?? { values: {}, failed: {} };
    const contestants: Record<string, () => Promise<readonly number[]>> = {
      ours: async () => {
        await prepared.run();
        return timed(runs, () => prepared.run());
      },
    };
    const ours = evaluation.value.data[0] as number;
    for (const [peer, value] of Object.entries(values) as [Peer, number][]) {
      if (Math.abs(value - ours) > sameValue * Math.abs(ours)) {
        throw new Error(`${of.title}: ${peerNames[peer]} says ${value}, we ${ours}.`);
      }
      contestants[peer] = () => peers!.time(peer, Math.max(5, Math.round(runs / 3)));
    }
    return { times: await inTurns(rounds, contestants), failed };
  } finally {
    prepared.dispose();
  }
}
