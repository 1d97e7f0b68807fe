/** A real tsserver, asked over its own protocol. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const patience = 30_000;

interface Answer {
  readonly type: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

export class Server {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #received: Buffer = Buffer.alloc(0);
  #sequence = 0;

  /** @param probe  the folder in whose node_modules the plugin lies; without one, there is no plugin */
  constructor(probe: string | undefined = root) {
    const plugin = probe
      ? ['--globalPlugins', 'loss-lens-tsserver-plugin', '--pluginProbeLocations', probe]
      : [];
    const server = path.join(root, 'node_modules', 'typescript-6', 'lib', 'tsserver.js');
    this.#process = spawn(
      process.execPath,
      [server, '--disableAutomaticTypingAcquisition', '--suppressDiagnosticEvents', ...plugin],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.#process.stdout!.on('data', (piece: Buffer) => this.#read(piece));
  }

  /** For requests that are not answered. */
  tell(command: string, parameters: object): number {
    const seq = ++this.#sequence;
    const message = { seq, type: 'request', command, arguments: parameters };
    this.#process.stdin!.write(`${JSON.stringify(message)}\n`);
    return seq;
  }

  /** `undefined` where there is nothing at that place. */
  ask<R>(command: string, parameters: object): Promise<R | undefined> {
    const seq = this.tell(command, parameters);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`tsserver does not answer ${command}.`)), patience);
      this.#waiting.set(seq, ({ success, body, message }) => {
        clearTimeout(timer);
        if (success) resolve(body as R);
        else if (message?.startsWith('No content')) resolve(undefined);
        else reject(new Error(message));
      });
    });
  }

  async dispose(): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.tell('exit', {});
    await exit;
  }

  /** Messages are framed by their length; a piece may hold several, or a part of one. */
  #read(piece: Buffer): void {
    this.#received = Buffer.concat([this.#received, piece]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#received.toString('latin1', 0, 64));
      if (!header) return;
      const end = header[0].length + Number(header[1]);
      if (this.#received.length < end) return;
      const answer = JSON.parse(this.#received.toString('utf8', header[0].length, end)) as Answer;
      this.#received = this.#received.subarray(end);
      if (answer.type === 'response') this.#waiting.get(answer.request_seq!)?.(answer);
    }
  }
}
