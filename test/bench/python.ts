/** The Python process that runs PyTorch and JAX: peers.py. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Answer, Asked, Host, HostOptions, Peer, PerPeer } from './peers.ts';

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

export async function startPython({ project }: HostOptions): Promise<Host> {
  const python = findPython(project);
  if (!python) throw new Error('no Python with NumPy was found');
  return new PythonHost(python);
}

class PythonHost implements Host {
  readonly #process: ChildProcess;
  readonly #reader: Interface;
  readonly #lines: AsyncIterableIterator<string>;

  constructor(python: string) {
    this.#process = spawn(python, [path.join(import.meta.dirname, 'peers.py')], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', JAX_PLATFORMS: 'cpu' },
    });
    this.#reader = createInterface({ input: this.#process.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async #ask<R>(question: object): Promise<R> {
    this.#process.stdin!.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the Python process has ended');
    const { error, answer } = JSON.parse(value) as { error?: string; answer: R };
    if (error !== undefined) throw new Error(error);
    return answer;
  }

  versions = (): Promise<PerPeer<string>> => this.#ask({ ask: 'versions' });
  load = (peer: Peer, of: Asked): Promise<Answer> => this.#ask({ ask: 'load', peer, of });
  time = (peer: Peer, runs: number): Promise<readonly number[]> => this.#ask({ ask: 'time', peer, runs });

  async stop(): Promise<void> {
    this.#reader.close();
    this.#process.kill();
  }
}
