/**
 * The Jupyter extension's `kernels` API over a real kernel, without VS Code. What a caller can see is as in
 * vscode-jupyter (`standalone/api/kernels`, `kernels/execution`), 2026: one execution at a time, outputs as they come,
 * an error both as an output and thrown, an interrupt when a running execution is cancelled.
 */
import type { ExecuteOptions, IPythonKernel, Message } from '../ipykernel.ts';

export interface Output {
  readonly items: { readonly mime: string; readonly data: Uint8Array }[];
  readonly metadata?: Record<string, unknown>;
}

interface Token {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

export type Status = 'idle' | 'busy' | 'dead';

export interface ApiKernel {
  readonly status: Status;
  readonly language: string;
  onDidChangeStatus(listener: (status: Status) => void): { dispose(): void };
  executeCode(code: string, token: Token): AsyncIterable<Output>;
}

export class Executor {
  readonly #kernel: IPythonKernel;
  readonly #listeners = new Set<(status: Status) => void>();
  #status: Status = 'idle';
  #last: Promise<unknown> = Promise.resolve();
  #failAll: (error: Error) => void = () => undefined;
  readonly #ended: Promise<never>;

  constructor(kernel: IPythonKernel) {
    this.#kernel = kernel;
    this.#ended = new Promise((_, reject) => {
      this.#failAll = reject;
    });
    this.#ended.catch(() => undefined);
    kernel.onDidEnd = () => {
      this.#set('dead');
      this.#failAll(new Error('Canceled future for execute_request message before replies were done'));
    };
  }

  get status(): Status {
    return this.#status;
  }

  onDidChangeStatus(listener: (status: Status) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  #set(status: Status): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }

  /** @throws KernelError when the code raised; Error when the kernel ended */
  async *run(code: string, options: ExecuteOptions, token?: Token): AsyncGenerator<Output> {
    const before = this.#last;
    let finished: () => void = () => undefined;
    this.#last = new Promise<void>((resolve) => {
      finished = resolve;
    });
    try {
      await Promise.race([before, this.#ended]);
      if (token?.isCancellationRequested) return;
      yield* this.#start(code, options, token);
    } finally {
      finished();
    }
  }

  async *#start(code: string, options: ExecuteOptions, token: Token | undefined): AsyncGenerator<Output> {
    if (this.#status === 'dead') throw new Error('Kernel is dead or terminating');
    const outputs: Output[] = [];
    let wake: () => void = () => undefined;
    let reply: Message | undefined;
    let idle = false;
    let cancelled = false;
    this.#set('busy');
    const stop = this.#kernel.execute(code, options, (message) => {
      if (message.header.msg_type === 'execute_reply') reply = message;
      else if (message.content.execution_state === 'idle') idle = true;
      else outputs.push(...outputOf(message));
      wake();
    });
    const cancelling = token?.onCancellationRequested(() => {
      cancelled = true;
      this.#kernel.interrupt();
      wake();
    });
    try {
      while (!(reply && idle)) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        while (outputs.length > 0) yield outputs.shift()!;
        if (cancelled) return;
        if (!(reply && idle) && outputs.length === 0) await Promise.race([woken, this.#ended]);
      }
      while (outputs.length > 0) yield outputs.shift()!;
      const { status, ename, evalue } = reply.content;
      if (status === 'error' && !cancelled) {
        throw Object.assign(new Error(`${ename}: ${evalue}`), { name: 'KernelError' });
      }
    } finally {
      cancelling?.dispose();
      // A kernel that was interrupted ends its execution all the same, before the next begins.
      while (!(reply && idle) && this.#kernelLives()) {
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          this.#ended.catch(() => undefined),
        ]);
      }
      stop();
      if (this.#kernelLives()) this.#set('idle');
    }
  }

  #kernelLives(): boolean {
    return this.#status !== 'dead';
  }
}

/** As `cellOutputToVSCCellOutput` of the extension makes them. */
function outputOf({ header, content }: Message): Output[] {
  switch (header.msg_type) {
    case 'stream': {
      const mime = `application/vnd.code.notebook.${String(content.name)}`;
      return [{ items: [{ mime, data: encode(String(content.text)) }] }];
    }
    case 'error': {
      const error = {
        name: content.ename,
        message: content.evalue,
        stack: (content.traceback as string[]).join('\n'),
      };
      return [
        { items: [{ mime: 'application/vnd.code.notebook.error', data: encode(JSON.stringify(error)) }] },
      ];
    }
    case 'display_data':
    case 'execute_result':
    case 'update_display_data': {
      const data = content.data as Readonly<Record<string, unknown>>;
      return [{ items: Object.entries(data).map(([mime, value]) => ({ mime, data: bytesOf(mime, value) })) }];
    }
    default:
      return [];
  }
}

/** As `convertJupyterOutputToBuffer` of the extension: base64 under image/… becomes bytes, all else text. */
function bytesOf(mime: string, value: unknown): Uint8Array {
  const text = Array.isArray(value) ? value.join('') : value;
  if (typeof text !== 'string') return encode(JSON.stringify(text));
  if (mime.startsWith('image/') && mime !== 'image/svg+xml') return Buffer.from(text, 'base64');
  return encode(text);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
