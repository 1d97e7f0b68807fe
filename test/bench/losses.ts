/** Value and gradient of each loss, data resident, against the same in other libraries. */
import { prepare } from '../../engine/node.ts';
import { type Case, cases, request } from './cases.ts';
import { type Peer, type Peers, type PerPeer, peerNames } from './peers.ts';
import { table, write } from './report.ts';
import { digits, inTurns, median, type Ratio, ratio, tellRatio, tellTimes, timed } from './statistics.ts';

export interface Comparing {
  readonly peers: Peers;
  readonly rounds: number;
}

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
        if (failed[peer]) notes.add(`${peerNames[peer]} at ${of.title}: ${failed[peer]}.`);
      }
    }
    rows.push(row);
    console.log(row.join(' | '));
  }
  if (chosen.length === cases.length) rows.push(summary(names, ratios));
  table(['', 'ours, ms', ...names.flatMap((peer) => [`${peerNames[peer]}, ms`, 'ratio'])], rows);
  write(
    'Budget: PyTorch eager 4 times in the geometric mean and 1.5 times each; torch.compile and JAX 1.5 times and 1 time; TensorFlow.js and jax-js 8 times in the mean.',
  );
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
  { peers, rounds }: Comparing,
): Promise<{ times: Record<string, number[][]>; failed: PerPeer<string> }> {
  const inputs = of.inputs();
  const prepared = prepare(request(of, inputs, 'wasm'));
  try {
    const evaluation = await prepared.run();
    const { answers, failed } = await peers.load(of, inputs, evaluation);
    const warm = await timed(5, () => prepared.run());
    const contestants: Record<string, () => Promise<readonly number[]>> = {
      ours: async () => {
        await prepared.run();
        return timed(runsOf(median(warm), 3), () => prepared.run());
      },
    };
    for (const [peer, { ms }] of Object.entries(answers) as [Peer, { ms: number }][]) {
      contestants[peer] = () => peers.time(peer, runsOf(ms, 2));
    }
    return { times: await inTurns(rounds, contestants), failed };
  } finally {
    prepared.dispose();
  }
}

/** As many runs as fill a fifth of a second. */
const runsOf = (ms: number, least: number): number => Math.min(40, Math.max(least, Math.round(200 / ms)));
