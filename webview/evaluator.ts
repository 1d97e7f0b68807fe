/** Who evaluates: the host, and, once the data is here and the GPU is worth it, the GPU of this machine. */
import type { Warning } from '../engine/evaluation.ts';
import type { Opening, Outcome, Rows, WireParameters } from '../extension/panel/protocol.ts';
import type { Evaluating } from './gpu.ts';
import { RequestError, type Requests } from './requests.ts';

export class Evaluator {
  readonly #requests: Requests;
  #here: Evaluating | undefined;
  #asked: WireParameters = {};
  /** Why the GPU no longer evaluates. */
  #gaveUp: Warning[] = [];
  #runs = 0;
  /** Whose rows are meant by the latest run, and its number there. */
  #rowsOf:
    | { readonly run: number; readonly rows: (start: number, count: number) => Promise<Rows> }
    | undefined;
  #disposed = false;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** One after the other. @throws RequestError */
  async evaluate(parameters: WireParameters): Promise<Outcome> {
    this.#asked = parameters;
    const here = await this.#evaluateHere(parameters);
    const outcome = here ?? (await this.#requests.ask('evaluate', { parameters }));
    const evaluating = here && this.#here;
    const run = ++this.#runs;
    this.#rowsOf = {
      run,
      rows: (start, count) =>
        evaluating
          ? evaluating.rows(outcome.run, start, count)
          : this.#requests.ask('rows', { run: outcome.run, start, count }),
    };
    return { ...outcome, run, warnings: [...outcome.warnings, ...this.#gaveUp] };
  }

  /** @throws RequestError `stale` for rows of another run than the latest */
  rows(run: number, start: number, count: number): Promise<Rows> {
    if (this.#rowsOf?.run === run) return this.#rowsOf.rows(start, count);
    const message = 'These rows belong to an earlier evaluation.';
    return Promise.reject(new RequestError({ code: 'stale', message, details: {} }));
  }

  /** Begins to take the evaluation here, in the background, if that is wanted and may be of use. */
  async settle(opening: Opening): Promise<void> {
    try {
      if (opening.backend === 'cpu') return;
      if (!navigator.gpu) throw refused('There is no WebGPU in this window.');
      const { evaluateHere } = await import('./gpu.ts');
      const here = await evaluateHere(opening, this.#requests, () => this.#asked);
      if (this.#disposed) here.dispose();
      else this.#here = here;
    } catch (error) {
      // Who left it to us need not know.
      if (opening.backend === 'webgpu') this.#giveUp(error);
    } finally {
      performance.mark('settled');
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#here?.dispose();
    this.#here = undefined;
  }

  /** Undefined where the host has to answer. */
  async #evaluateHere(parameters: WireParameters): Promise<Outcome | undefined> {
    try {
      return await this.#here?.evaluate(parameters);
    } catch (error) {
      const code = error instanceof RequestError ? error.failure.code : 'internal';
      // What the GPU promises nothing about in this run, it may answer in the next; files are the host's.
      if (code === 'backend-unsupported' || code === 'no-file') return undefined;
      if (code !== 'gpu-lost' && code !== 'gpu-refused' && code !== 'internal') throw error;
      this.#here?.dispose();
      this.#here = undefined;
      this.#giveUp(error);
      return undefined;
    }
  }

  /** Said from the next outcome on, as long as it is so: a note of one outcome would be gone with the next move. */
  #giveUp(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#gaveUp = [{ code: 'gpu-refused', message: `The CPU evaluates, not the GPU. ${reason}` }];
  }
}

const refused = (message: string): RequestError =>
  new RequestError({ code: 'gpu-refused', message, details: {} });
