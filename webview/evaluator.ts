/** Who evaluates: the host, and, once the data is here and the GPU is worth it, the GPU of this machine. */
import { t } from '@vscode/l10n';
import type { Warning } from '../engine/evaluation.ts';
import type {
  Opening,
  Outcome,
  Plot,
  PlotAsked,
  PlotWanted,
  Rows,
  SweepAsked,
  Swept,
  WireParameters,
} from '../extension/panel/protocol.ts';
import type { Evaluating } from './gpu.ts';
import { isRequestError, RequestError, type Requests } from './requests.ts';

export class Evaluator {
  readonly #requests: Requests;
  #here: Evaluating | undefined;
  #asked: WireParameters = {};
  /** Why the GPU no longer evaluates. */
  #gaveUp: Warning[] = [];
  #runs = 0;
  /** The latest run: its number here, and there, with who made it (the host unless given). */
  #latest: { readonly run: number; readonly own: number; readonly here: Evaluating | undefined } | undefined;
  #disposed = false;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** One after the other. @param plot to make of it, where that saves asking for it. @throws RequestError */
  async evaluate(parameters: WireParameters, plot?: PlotWanted): Promise<Outcome> {
    this.#asked = parameters;
    const here = await this.#evaluateHere(parameters);
    const outcome = here ?? (await this.#requests.ask('evaluate', { parameters, ...(plot && { plot }) }));
    const run = ++this.#runs;
    this.#latest = { run, own: outcome.run, here: here && this.#here };
    const made = outcome.plot && { plot: { ...outcome.plot, run } };
    return { ...outcome, ...made, run, warnings: [...outcome.warnings, ...this.#gaveUp] };
  }

  /** @throws RequestError `stale` for rows of another run than the latest */
  rows(run: number, start: number, count: number): Promise<Rows> {
    if (this.#latest?.run !== run) return Promise.reject(stale());
    const { own, here } = this.#latest;
    return here ? here.rows(own, start, count) : this.#requests.ask('rows', { run: own, start, count });
  }

  /** @throws RequestError `stale` as rows do */
  async plot(asked: PlotAsked): Promise<Plot> {
    if (this.#latest?.run !== asked.run) throw stale();
    const { own, here } = this.#latest;
    const there = { ...asked, run: own };
    const plot = await (here ? here.plot(there) : this.#requests.ask('plot', there));
    return { ...plot, run: asked.run };
  }

  /** Where the data is evaluated at present; what the GPU refuses, the host answers. @throws RequestError */
  async sweep(asked: SweepAsked): Promise<Swept> {
    const here = this.#latest?.here;
    try {
      if (here) return await here.sweep(asked);
    } catch (error) {
      if (!isForTheHost(error)) throw error;
    }
    return this.#requests.ask('sweep', asked);
  }

  /** Begins to take the evaluation here, in the background, if that is wanted and may be of use. */
  async settle(opening: Opening): Promise<void> {
    try {
      if (opening.backend === 'cpu') return;
      if (!navigator.gpu) throw refused(t('There is no WebGPU in this window.'));
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
      const code = isRequestError(error) ? error.failure.code : 'internal';
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
    this.#gaveUp = [{ code: 'gpu-refused', message: t`The CPU evaluates, not the GPU. ${reason}` }];
  }
}

/** What the GPU promises nothing about, or has stopped answering. */
const isForTheHost = (error: unknown): boolean =>
  isRequestError(error) &&
  ['backend-unsupported', 'gpu-lost', 'gpu-refused', 'no-file'].includes(error.failure.code);

const stale = (): RequestError =>
  new RequestError({ code: 'stale', message: t('This belongs to an earlier evaluation.'), details: {} });

const refused = (message: string): RequestError =>
  new RequestError({ code: 'gpu-refused', message, details: {} });
