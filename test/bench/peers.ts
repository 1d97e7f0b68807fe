/** The other libraries, whoever runs them: python.ts or browser.ts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cast, type Evaluation, type NdArray } from '../../engine/node.ts';
import { messageOf } from '../host/install.ts';
import { startBrowser } from './browser.ts';
import { type Case, gradientsOf } from './cases.ts';
import { startPython } from './python.ts';

export const peerNames = {
  eager: 'PyTorch eager',
  compile: 'torch.compile',
  jax: 'JAX jit',
  tfjs: 'TensorFlow.js wasm',
  'jax-js': 'jax-js wasm',
} as const;
export type Peer = keyof typeof peerNames;
export type PerPeer<T> = Partial<Record<Peer, T>>;

/** A case as peers are told of it. */
export interface Asked {
  readonly id: string;
  readonly symbol: string;
  readonly parameters: NonNullable<Case['parameters']>;
  readonly threads: number;
  /** Each input lies there, as raw numbers in a file of its name, and our gradient by it in `gradient.NAME`, as float32. */
  readonly folder: string;
  /** In the order of the symbol's arguments. */
  readonly inputs: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[] }>>;
  readonly gradients: readonly string[];
}

export interface Answer {
  readonly value: number;
  /** Of each gradient: the length of its difference from ours, as a share of the length of ours. */
  readonly distances: readonly number[];
  /** How long value and gradients took when the peer was warm. */
  readonly ms: number;
}

/** Who runs some of the peers. */
export interface Host {
  /** With what else is to be said of each. */
  versions(): Promise<PerPeer<string>>;
  load(peer: Peer, asked: Asked): Promise<Answer>;
  time(peer: Peer, runs: number): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export interface HostOptions {
  readonly project: string;
  readonly peers: readonly Peer[];
  readonly threads: number;
  readonly folder: string;
}

const hosts: readonly { start(options: HostOptions): Promise<Host>; peers: readonly Peer[] }[] = [
  { start: startPython, peers: ['eager', 'compile', 'jax'] },
  { start: startBrowser, peers: ['tfjs', 'jax-js'] },
];

/** Up to these relative differences two libraries gave one answer. */
interface Tolerance {
  readonly value: number;
  readonly gradient: number;
}
/** One kink among ten million elements, taken otherwise, is a share of 3e-4. */
const float32: Tolerance = { value: 2e-5, gradient: 1e-3 };
/** They add millions of numbers one by one in float32. */
const addedInTurn: Tolerance = { value: 0.1, gradient: 0.02 };
const tolerances: Readonly<Record<Peer, Tolerance>> = {
  eager: float32,
  compile: float32,
  jax: float32,
  tfjs: addedInTurn,
  'jax-js': addedInTurn,
};

export class Peers {
  readonly #hosts = new Map<Peer, Host>();
  /** Why a peer is not there at all. */
  readonly #missing: PerPeer<string> = {};
  readonly #threads: number;
  readonly #folder: string;

  static async start(project: string, wanted: readonly Peer[], threads: number): Promise<Peers> {
    const peers = new Peers(threads, await mkdtemp(path.join(tmpdir(), 'loss-lens-bench-')));
    for (const { start, peers: able } of hosts) {
      const own = able.filter((peer) => wanted.includes(peer));
      if (own.length > 0)
        await peers.#add(() => start({ project, peers: own, threads, folder: peers.#folder }), own);
    }
    return peers;
  }

  private constructor(threads: number, folder: string) {
    this.#threads = threads;
    this.#folder = folder;
  }

  async #add(start: () => Promise<Host>, peers: readonly Peer[]): Promise<void> {
    try {
      const host = await start();
      for (const peer of peers) this.#hosts.set(peer, host);
    } catch (error) {
      for (const peer of peers) this.#missing[peer] = messageOf(error);
    }
  }

  async versions(): Promise<PerPeer<string>> {
    const all = await Promise.all([...new Set(this.#hosts.values())].map((host) => host.versions()));
    return Object.assign({}, ...all) as PerPeer<string>;
  }

  /** Gives the peers the same numbers and lets each run a few times. One whose answer is not ours has failed. */
  async load(
    of: Case,
    inputs: Readonly<Record<string, NdArray>>,
    ours: Evaluation,
  ): Promise<{ answers: PerPeer<Answer>; failed: PerPeer<string> }> {
    for (const [name, { data }] of Object.entries(inputs))
      await writeFile(path.join(this.#folder, name), data);
    for (const name of gradientsOf(of)) {
      const { data } = ours.gradients[name]!;
      await writeFile(path.join(this.#folder, `gradient.${name}`), cast(data, 'float32'));
    }
    const asked: Asked = {
      id: of.id,
      symbol: of.symbol,
      parameters: of.parameters ?? {},
      threads: this.#threads,
      folder: this.#folder,
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([name, { dtype, shape }]) => [name, { dtype, shape }]),
      ),
      gradients: gradientsOf(of),
    };
    const answers: PerPeer<Answer> = {};
    const failed = { ...this.#missing };
    for (const [peer, host] of this.#hosts) {
      try {
        const answer = await host.load(peer, asked);
        compare(peer, answer, asked.gradients, ours.value.data[0] as number);
        answers[peer] = answer;
      } catch (error) {
        failed[peer] = messageOf(error);
      }
    }
    return { answers, failed };
  }

  time(peer: Peer, runs: number): Promise<readonly number[]> {
    return this.#hosts.get(peer)!.time(peer, runs);
  }

  async stop(): Promise<void> {
    for (const host of new Set(this.#hosts.values())) await host.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** @throws Error where an answer is not ours */
function compare(peer: Peer, { value, distances }: Answer, gradients: readonly string[], ours: number): void {
  const tolerance = tolerances[peer];
  if (!(Math.abs(value - ours) <= tolerance.value * Math.abs(ours))) {
    throw new Error(`it says ${value}, we ${ours}`);
  }
  for (const [i, name] of gradients.entries()) {
    if (!(distances[i]! <= tolerance.gradient)) {
      throw new Error(`its gradient by ${name} differs from ours by ${distances[i]} of its length`);
    }
  }
}
