/** The pool of worker threads: started when first needed, kept until `dispose`, replaced when one dies. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import type { KernelAnswer, KernelRequest } from '../../kernels/kernel.ts';
import { instantiate, pieceOf, type Run } from './instance.ts';
import { onLetGo } from './memory.ts';

export type ToWorker =
  | {
      readonly type: 'load';
      readonly execution: number;
      readonly modules: readonly WebAssembly.Module[];
      readonly memory: WebAssembly.Memory;
    }
  | { readonly type: 'unload'; readonly execution: number }
  | ({
      readonly type: 'run';
      readonly request: number;
      readonly execution: number;
      readonly kernel: number;
      /** Address of the kernel's parameter block. */
      readonly block: number;
    } & Range)
  | { readonly type: 'kernel'; readonly request: number; readonly ask: KernelRequest }
  /** So many bytes of shared memory were let go. */
  | { readonly type: 'let-go'; readonly bytes: number };

export interface FromWorker {
  readonly request: number;
  readonly error?: string;
  readonly answer?: KernelAnswer;
}

/** A worker thread, whatever the host calls it. */
export interface WorkerThread {
  postMessage(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once, when the thread has ended, whether asked to or not. */
  onEnd(listener: (reason: string) => void): void;
  terminate(): void;
}

export interface WorkerSettings {
  /** Starts a thread that runs `worker.js`. */
  readonly worker?: () => WorkerThread;
  /** How many; as many as there are processors, unless given. */
  readonly threads?: number;
}

interface Member {
  readonly thread: WorkerThread;
  readonly waiting: Map<number, { resolve(answer?: KernelAnswer): void; reject(error: Error): void }>;
  /** Executions that this thread has instances for. */
  readonly loaded: Set<number>;
}

let settings: WorkerSettings = {};
/** By number; `undefined` where a thread has died and none has been needed since. */
let members: (Member | undefined)[] = [];
let nextRequest = 0;

export function configureWorkers(next: WorkerSettings): void {
  settings = { ...settings, ...next };
  stopWorkers();
}

export const workersAvailable = (): boolean => settings.worker !== undefined;

/** Web pages that are not isolated from others of their browser have no memory that threads share. */
export const sharesMemory = (): boolean => typeof SharedArrayBuffer !== 'undefined';

export const threadCount = (): number =>
  sharesMemory() ? (settings.threads ?? globalThis.navigator?.hardwareConcurrency ?? 2) : 1;

onLetGo((bytes) => {
  for (const existing of members) existing?.thread.postMessage({ type: 'let-go', bytes });
});

export function stopWorkers(): void {
  for (const existing of members) existing?.thread.terminate();
  members = [];
}

function member(index: number): Member {
  const existing = members[index];
  if (existing) return existing;
  const thread = settings.worker!();
  const started: Member = { thread, waiting: new Map(), loaded: new Set() };
  thread.onMessage(({ request, error, answer }) => {
    const waiter = started.waiting.get(request);
    started.waiting.delete(request);
    if (error === undefined) waiter?.resolve(answer);
    else waiter?.reject(new LossLensError('worker-died', t`A kernel failed: ${error}`));
  });
  thread.onEnd((reason) => {
    members = members.map((other) => (other === started ? undefined : other));
    for (const { reject } of started.waiting.values()) {
      reject(new LossLensError('worker-died', t`The worker thread ended (${reason}); evaluate again.`));
    }
    started.waiting.clear();
  });
  members[index] = started;
  return started;
}

/** Starts the threads, if they are not running: their start takes longer than most kernels, and the caller has data to place. */
export function startWorkers(): void {
  for (let index = 0; index < threadCount(); index++) member(index);
}

/**
 * Runs a hand-written kernel on the first thread; on all of them where there is an answer, in shared memory, to fill in.
 * @throws LossLensError `worker-died`; `cancelled` at once, for the thread is ended where nothing else waits for it
 */
export async function runKernelOnWorkers(
  ask: KernelRequest,
  signal: AbortSignal,
  of?: KernelAnswer,
): Promise<KernelAnswer> {
  if (!of) return runKernelOnWorker(0, ask, signal);
  const count = of.elements.length;
  const threads = Math.max(1, Math.min(threadCount(), count));
  const bound = (t: number): number => Math.floor((count * t) / threads);
  const ended = await Promise.allSettled(
    Array.from({ length: threads }, (_, t) =>
      runKernelOnWorker(t, { ...ask, part: { begin: bound(t), end: bound(t + 1), of } }, signal),
    ),
  );
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return of;
}

function runKernelOnWorker(index: number, ask: KernelRequest, signal: AbortSignal): Promise<KernelAnswer> {
  const own = member(index);
  return new Promise<KernelAnswer>((resolve, reject) => {
    const request = nextRequest++;
    const cancel = (): void => {
      reject(new LossLensError('cancelled', t('The evaluation was cancelled.')));
      if (own.waiting.size === 1 && own.waiting.has(request)) end(own);
    };
    const settled = (): void => signal.removeEventListener('abort', cancel);
    own.waiting.set(request, {
      resolve: (answer) => {
        settled();
        resolve(answer!);
      },
      reject: (error) => {
        settled();
        reject(error);
      },
    });
    signal.addEventListener('abort', cancel);
    own.thread.postMessage({ type: 'kernel', request, ask });
  });
}

/** Another takes its place when one is needed, without waiting for this one to be gone. */
function end(one: Member): void {
  members = members.map((other) => (other === one ? undefined : other));
  one.thread.terminate();
}

/** What a thread runs of a kernel: items, from `begin` up to but without `end`, and the address of its accumulators. */
export interface Range {
  readonly begin: number;
  readonly end: number;
  readonly sums: number;
}

/** The kernels of a problem, over one memory. */
export interface Kernels {
  /** Runs one of them, a range of items in each thread, and ends when all have. */
  run(kernel: number, block: number, ranges: readonly Range[]): Promise<void>;
  end(): void;
}

/** Kernels on the thread that asks: for what is over before another has woken. */
export class OwnThread implements Kernels {
  readonly #runs: readonly Run[];

  constructor(modules: readonly WebAssembly.Module[], memory: WebAssembly.Memory) {
    this.#runs = modules.map((module) => instantiate(module, memory));
  }

  async run(kernel: number, block: number, ranges: readonly Range[]): Promise<void> {
    for (const { begin, end, sums } of ranges) this.#runs[kernel]!(block, begin, end, sums);
  }

  end(): void {}
}

/** Milliseconds that a thread which has other things to do is kept from them. */
const atOnce = 50;

/** Kernels on the thread that asks, which gets to other work between: for what is long where threads share no memory. */
export class Paced implements Kernels {
  readonly #runs: readonly Run[];
  readonly #cancelled: Int32Array;

  constructor(modules: readonly WebAssembly.Module[], memory: WebAssembly.Memory) {
    this.#runs = modules.map((module) => instantiate(module, memory));
    this.#cancelled = new Int32Array(memory.buffer, 0, 1);
  }

  async run(kernel: number, block: number, ranges: readonly Range[]): Promise<void> {
    let since = performance.now();
    for (const { begin, end, sums } of ranges) {
      const step = pieceOf(begin, end);
      for (let at = begin; at < end && this.#cancelled[0] === 0; at += step) {
        this.#runs[kernel]!(block, at, Math.min(at + step, end), sums);
        if (performance.now() - since < atOnce) continue;
        await new Promise((resolve) => setTimeout(resolve));
        since = performance.now();
      }
    }
  }

  end(): void {}
}

/** Kernels as the workers hold them. */
export class Session implements Kernels {
  static #next = 0;
  readonly #id = Session.#next++;
  readonly #modules: readonly WebAssembly.Module[];
  readonly #memory: WebAssembly.Memory;

  constructor(modules: readonly WebAssembly.Module[], memory: WebAssembly.Memory) {
    this.#modules = modules;
    this.#memory = memory;
  }

  /** A thread still at work may not meet the next run, so this ends late when one fails. */
  async run(kernel: number, block: number, ranges: readonly Range[]): Promise<void> {
    const ended = await Promise.allSettled(
      ranges.map((range, index) => {
        const { thread, waiting, loaded } = member(index);
        if (!loaded.has(this.#id)) {
          loaded.add(this.#id);
          thread.postMessage({
            type: 'load',
            execution: this.#id,
            modules: this.#modules,
            memory: this.#memory,
          });
        }
        return new Promise<void>((resolve, reject) => {
          const request = nextRequest++;
          waiting.set(request, { resolve: () => resolve(), reject });
          thread.postMessage({ type: 'run', request, execution: this.#id, kernel, block, ...range });
        });
      }),
    );
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  end(): void {
    for (const existing of members) {
      if (existing?.loaded.delete(this.#id))
        existing.thread.postMessage({ type: 'unload', execution: this.#id });
    }
  }
}
