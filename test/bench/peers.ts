/** The Python process that times the other libraries. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Case } from './cases.ts';

export const peerNames = { eager: 'PyTorch eager', compile: 'torch.compile', jax: 'JAX jit' } as const;
export type Peer = keyof typeof peerNames;

interface Loaded {
  readonly values: Partial<Record<Peer, number>>;
  readonly failed: Partial<Record<Peer, string>>;
}

/** The first Python that has what the script needs at least. */
function findPython(project: string): string | undefined {
  const candidates = [
    path.join(project, '.venv', 'bin', 'python'),
    path.join(project, '.venv', 'Scripts', 'python.exe'),
    process.env.PYTHON,
    'python3',
  ];
  return candidates.find(
    (python) => python && spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0,
  );
}

export class Peers {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterableIterator<string>;
  readonly #reader: Interface;
  readonly #folder: string;

  /** @returns `undefined` where no Python with NumPy is found */
  static async start(project: string, wanted: readonly Peer[]): Promise<Peers | undefined> {
    const python = findPython(project);
    if (!python) return undefined;
    return new Peers(python, wanted, await mkdtemp(path.join(tmpdir(), 'loss-lens-bench-')));
  }

  private constructor(python: string, wanted: readonly Peer[], folder: string) {
    this.#folder = folder;
    this.#process = spawn(python, [path.join(import.meta.dirname, 'peers.py'), wanted.join(',')], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', JAX_PLATFORMS: 'cpu' },
    });
    this.#reader = createInterface({ input: this.#process.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async #ask<R>(question: object): Promise<R> {
    this.#process.stdin!.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('The Python process of the peers has ended.');
    return JSON.parse(value) as R;
  }

  versions(): Promise<Partial<Record<Peer, string>>> {
    return this.#ask({ versions: true });
  }

  /** Gives the peers the same numbers and lets each run a few times. */
  async load(of: Case, inputs: ReturnType<Case['inputs']>, threads: number): Promise<Loaded> {
    const files: Record<string, object> = {};
    for (const [name, { data, dtype, shape }] of Object.entries(inputs)) {
      const file = path.join(this.#folder, name);
      await writeFile(file, data);
      files[name] = { file, dtype, shape };
    }
    const { id, symbol, parameters = {} } = of;
    return this.#ask({ load: { id, symbol, parameters, threads, inputs: files } });
  }

  async time(peer: Peer, runs: number): Promise<readonly number[]> {
    return (await this.#ask<{ ms: number[] }>({ time: peer, runs })).ms;
  }

  async stop(): Promise<void> {
    this.#reader.close();
    this.#process.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
