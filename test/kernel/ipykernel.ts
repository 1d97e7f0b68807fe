/** A real IPython kernel: its own process, spoken to over its own protocol. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connectTo, type Multipart, type Peer } from './zmtp.ts';

/** Of the messaging protocol: the fields that are read here. */
export interface Message {
  readonly header: { readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, unknown>>;
}

export interface ExecuteOptions {
  readonly storeHistory: boolean;
  readonly stopOnError: boolean;
}

const delimiter = Buffer.from('<IDS|MSG>');

/** The interpreter of the project's virtual environment, or the one that `PYTHON` names. */
export const python = (project: string): string =>
  process.env.PYTHON ??
  path.join(project, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

export class IPythonKernel {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #key: string;
  readonly #session = randomUUID();
  readonly #listeners = new Map<string, (message: Message) => void>();
  #shell: Peer | undefined;
  #iopub: Peer | undefined;
  /** Called once, when the process has ended, whoever ended it. */
  onDidEnd: () => void = () => undefined;

  static async start(executable: string): Promise<IPythonKernel> {
    const folder = await mkdtemp(path.join(tmpdir(), 'loss-lens-kernel-'));
    const file = path.join(folder, 'connection.json');
    // It chooses its ports and its key, and writes them there.
    const child = spawn(executable, ['-m', 'ipykernel_launcher', '-f', file], {
      cwd: folder,
      stdio: 'ignore',
    });
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The kernel ended with ${code} before it answered.`)));
    });
    ended.catch(() => undefined);
    while (!existsSync(file)) await Promise.race([setTimeout(50), ended]);
    await setTimeout(50);
    const connection = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const kernel = new IPythonKernel(child, folder, String(connection.key));
    await Promise.race([
      kernel.#connect(Number(connection.shell_port), Number(connection.iopub_port)),
      ended,
    ]);
    return kernel;
  }

  private constructor(child: ChildProcess, folder: string, key: string) {
    this.#process = child;
    this.#folder = folder;
    this.#key = key;
    child.once('exit', () => {
      this.#close();
      this.onDidEnd();
    });
  }

  async #connect(shell: number, iopub: number): Promise<void> {
    const received = (message: Multipart): void => this.#received(message);
    this.#iopub = await untilThere(() => connectTo(iopub, 'SUB', received));
    this.#shell = await untilThere(() => connectTo(shell, 'DEALER', received));
    // The subscription arrives some time after the connection; a kernel that answers has it.
    for (let published = false; !published; ) {
      await new Promise<void>((resolve) => {
        const id = this.#request('kernel_info_request', {}, ({ header }) => {
          if (header.msg_type === 'status') published = true;
          if (header.msg_type === 'kernel_info_reply') resolve();
        });
        void setTimeout(1000).then(() => this.#listeners.delete(id));
      });
      await setTimeout(50);
    }
  }

  /**
   * @param on  every message about it, the last being the status `idle`, and the reply, in whichever order they come
   * @returns what stops listening
   */
  execute(
    code: string,
    { storeHistory, stopOnError }: ExecuteOptions,
    on: (message: Message) => void,
  ): () => void {
    const content = {
      code,
      silent: false,
      store_history: storeHistory,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: stopOnError,
    };
    const id = this.#request('execute_request', content, on);
    return () => this.#listeners.delete(id);
  }

  /** As `interrupt_mode` says for this kernel: a signal. */
  interrupt(): void {
    this.#process.kill('SIGINT');
  }

  /** Ends at once, as a crash does. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve));
      this.kill();
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #request(type: string, content: object, on: (message: Message) => void): string {
    const id = randomUUID();
    const header = {
      msg_id: id,
      session: this.#session,
      username: 'test',
      date: new Date().toISOString(),
      msg_type: type,
      version: '5.3',
    };
    const parts = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    this.#listeners.set(id, on);
    this.#shell?.send([delimiter, Buffer.from(this.#sign(parts)), ...parts]);
    return id;
  }

  #received(message: Multipart): void {
    const start = message.findIndex((part) => part.equals(delimiter)) + 2;
    const parts = message.slice(start, start + 4);
    // As Jupyter's own clients do: a message of someone else's is no message.
    if (this.#sign(parts) !== message[start - 1]!.toString())
      throw new Error('A message has a wrong signature.');
    const [header, parent] = parts.slice(0, 2).map((part) => JSON.parse(part.toString())) as [
      Message['header'],
      Message['parent_header'],
    ];
    const listener = this.#listeners.get(parent.msg_id ?? '');
    if (!listener) return;
    const content = JSON.parse(parts[3]!.toString()) as Message['content'];
    listener({ header, parent_header: parent, content });
  }

  #sign(parts: readonly Buffer[]): string {
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  #close(): void {
    this.#shell?.close();
    this.#iopub?.close();
  }
}

async function untilThere<T>(connect: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await connect();
    } catch (error) {
      if (tries === 100) throw error;
      await setTimeout(100);
    }
  }
}
