/**
 * Optimal transport between two discrete distributions: on a line, where sorting solves it, and for any cost matrix, by
 * successive shortest augmenting paths (exact; dense, so O((n + m)²) an augmentation and at most n + m − 1 of them where
 * each exhausts a source or a sink).
 */
import type { KernelAnswer, KernelRequest } from './kernel.ts';

interface Plan {
  readonly cost: number;
  /** Mass moved from i to j: [n, m]. */
  readonly plan: Float64Array;
  /** What one more unit of mass at i, or at j, would cost (up to a constant that cancels). */
  readonly fromPotential: Float64Array;
  readonly toPotential: Float64Array;
}

/**
 * Inputs: `firstWeights` [n] and `secondWeights` [m], masses that are divided by their sums; and either `first` [n] and
 * `second` [m], positions on a line, or `cost` [n, m]. Parameter p: the cost of moving a unit by d is |d|ᵖ.
 */
export function transport({ inputs, parameters, gradients, shares }: KernelRequest): KernelAnswer {
  const { first, second, cost } = inputs;
  const source = normalised(inputs['firstWeights']!.data);
  const sink = normalised(inputs['secondWeights']!.data);
  const p = Number(parameters['p'] ?? 1);
  const x = first && Float64Array.from(first.data, Number);
  const y = second && Float64Array.from(second.data, Number);
  const costs = cost && Float64Array.from(cost.data, Number);
  const solved = costs
    ? byShortestPaths(source.share, sink.share, costs)
    : onLine(source.share, sink.share, x!, y!, p);
  const share = shares[0]!;
  const [n, m] = [source.share.length, sink.share.length];

  const answers: Record<string, () => Float64Array> = {
    first: () => movedAlong(n, (i) => sumOver(m, (j) => solved.plan[i * m + j]! * slope(x![i]! - y![j]!, p))),
    second: () =>
      movedAlong(m, (j) => sumOver(n, (i) => -solved.plan[i * m + j]! * slope(x![i]! - y![j]!, p))),
    cost: () => Float64Array.from(solved.plan),
    firstWeights: () => byMass(solved.fromPotential, source),
    secondWeights: () => byMass(solved.toPotential, sink),
  };
  return {
    elements: Float64Array.of(solved.cost),
    gradients: Object.fromEntries(
      gradients.map((name) => [name, answers[name]!().map((value) => share * value)]),
    ),
    extras: { plan: { data: solved.plan, shape: [n, m] } },
  };
}

interface Masses {
  readonly share: Float64Array;
  readonly total: number;
}

function normalised(data: ArrayLike<number | bigint>): Masses {
  const masses = Float64Array.from(data as ArrayLike<number>, Number);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return { share: masses.map((mass) => mass / total), total };
}

/** Through the division by the sum, mass that is added everywhere alike changes nothing. */
function byMass(potential: Float64Array, { share, total }: Masses): Float64Array {
  const mean = potential.reduce((sum, value, i) => sum + value * share[i]!, 0);
  return potential.map((value) => (value - mean) / total);
}

const movedAlong = (length: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, i) => value(i));

function sumOver(length: number, value: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += value(i);
  return total;
}

/** d|d|ᵖ/dd, with 0 at 0. */
const slope = (d: number, p: number): number => (d === 0 ? 0 : p * Math.abs(d) ** (p - 1) * Math.sign(d));

/** Mass is moved in the order of the positions: the cost is convex in the distance for p ≥ 1. */
function onLine(source: Float64Array, sink: Float64Array, x: Float64Array, y: Float64Array, p: number): Plan {
  const [n, m] = [source.length, sink.length];
  const rows = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => x[a]! - x[b]!);
  const columns = Int32Array.from({ length: m }, (_, j) => j).sort((a, b) => y[a]! - y[b]!);
  const plan = new Float64Array(n * m);
  const fromPotential = new Float64Array(n);
  const toPotential = new Float64Array(m);
  const distance = (i: number, j: number): number => Math.abs(x[i]! - y[j]!) ** p;
  let [a, b] = [0, 0];
  let [left, room] = [source[rows[0]!]!, sink[columns[0]!]!];
  let cost = 0;
  toPotential[columns[0]!] = distance(rows[0]!, columns[0]!);
  while (a < n && b < m) {
    const [i, j] = [rows[a]!, columns[b]!];
    const moved = Math.min(left, room);
    plan[i * m + j]! += moved;
    cost += moved * distance(i, j);
    left -= moved;
    room -= moved;
    // Neighbours along the staircase share a source or a sink, which fixes the next one's potential.
    const ends = a === n - 1 && b === m - 1;
    if (ends) break;
    if ((left <= room && a < n - 1) || b === m - 1) {
      a++;
      left = source[rows[a]!]!;
      fromPotential[rows[a]!] = distance(rows[a]!, j) - toPotential[j]!;
      room = Math.max(room, 0);
    } else {
      b++;
      room = sink[columns[b]!]!;
      toPotential[columns[b]!] = distance(i, columns[b]!) - fromPotential[i]!;
      left = Math.max(left, 0);
    }
  }
  return { cost, plan, fromPotential, toPotential };
}

/** Exact transport for any cost: Dijkstra on reduced costs from every source with mass left to the nearest open sink. */
function byShortestPaths(source: Float64Array, sink: Float64Array, cost: Float64Array): Plan {
  const [n, m] = [source.length, sink.length];
  const supply = Float64Array.from(source);
  const demand = Float64Array.from(sink);
  const plan = new Float64Array(n * m);
  const u = new Float64Array(n);
  const v = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) least = Math.min(least, cost[i * m + j]!);
    v[j] = least;
  }
  const tolerance = 1e-15;
  const distance = new Float64Array(n + m);
  const parent = new Int32Array(n + m);
  const done = new Uint8Array(n + m);
  for (;;) {
    let open = false;
    for (let i = 0; i < n; i++) {
      distance[i] = supply[i]! > tolerance ? 0 : Number.POSITIVE_INFINITY;
      open ||= supply[i]! > tolerance;
    }
    if (!open || !demand.some((room) => room > tolerance)) break;
    distance.fill(Number.POSITIVE_INFINITY, n);
    parent.fill(-1);
    done.fill(0);
    let reached = -1;
    for (;;) {
      let nearest = -1;
      for (let k = 0; k < n + m; k++) {
        if (
          !done[k] &&
          distance[k]! < Number.POSITIVE_INFINITY &&
          (nearest < 0 || distance[k]! < distance[nearest]!)
        ) {
          nearest = k;
        }
      }
      if (nearest < 0) break;
      done[nearest] = 1;
      if (nearest >= n) {
        const j = nearest - n;
        if (demand[j]! > tolerance) {
          reached = nearest;
          break;
        }
        for (let i = 0; i < n; i++) {
          // Mass already moved may be taken back.
          if (done[i] || plan[i * m + j]! <= tolerance) continue;
          if (distance[nearest]! < distance[i]!) {
            distance[i] = distance[nearest]!;
            parent[i] = nearest;
          }
        }
      } else {
        for (let j = 0; j < m; j++) {
          if (done[n + j]) continue;
          const reduced = Math.max(0, cost[nearest * m + j]! - u[nearest]! - v[j]!);
          if (distance[nearest]! + reduced < distance[n + j]!) {
            distance[n + j] = distance[nearest]! + reduced;
            parent[n + j] = nearest;
          }
        }
      }
    }
    if (reached < 0) break;
    const length = distance[reached]!;
    for (let i = 0; i < n; i++) if (done[i]) u[i]! += length - distance[i]!;
    for (let j = 0; j < m; j++) if (done[n + j]) v[j]! -= length - distance[n + j]!;
    let moved = demand[reached - n]!;
    let start = reached;
    for (let k = reached; parent[k]! >= 0; k = parent[k]!) {
      start = parent[k]!;
      if (k < n) moved = Math.min(moved, plan[k * m + parent[k]! - n]!);
    }
    moved = Math.min(moved, supply[start]!);
    for (let k = reached; parent[k]! >= 0; k = parent[k]!) {
      const before = parent[k]!;
      if (k >= n) plan[before * m + k - n]! += moved;
      else plan[k * m + before - n]! -= moved;
    }
    supply[start]! -= moved;
    demand[reached - n]! -= moved;
  }
  return { cost: sumOver(n * m, (k) => plan[k]! * cost[k]!), plan, fromPotential: u, toPotential: v };
}
