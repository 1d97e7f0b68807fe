/**
 * One evaluation that stays alive while the panel shows it: the arrays and the prepared kernels are kept, so a
 * changed parameter only runs them again. Knows nothing of VS Code.
 */
import { t } from '@vscode/l10n';
import type { NdArray, TypedArray } from '../array.ts';
import type { ErrorCode, LossLensError } from '../errors.ts';
import type {
  EvaluateRequest,
  Evaluation,
  Parameters,
  ParameterValue,
  PartName,
  Prepared,
} from '../evaluation.ts';
import type * as index from '../index.ts';
import { measuredSizes } from '../speed.ts';
import { curveThrough, placed } from './curve.ts';
import { dtypeOf, type Elements, elementsOf } from './elements.ts';
import { summaryOf } from './gradient.ts';
import { makePlot, plotsFor } from './plots/index.ts';
import type { Material } from './plots/material.ts';
import { predictionOf, targetOf } from './prediction.ts';
import { pytestCase } from './pytest.ts';
import { reductionInWords } from './reduction.ts';
import type { Formula, Opening, Outcome, Plot, PlotAsked, PlotWanted, Rows, Swept } from './shown.ts';
import {
  type Asked,
  askedOf,
  comparesThroughFile,
  controlsOf,
  reductionControl,
  type Subject,
  subjectOf,
} from './subject.ts';
import { Sweep } from './sweep.ts';
import { StaleError } from './wire.ts';

/** Points beyond these are left out of the plots, the extremes never. */
const plottedPoints = 1000;
/** Rows sent along with the value; the table asks for the others. */
const firstRows = 100;
/** Numbers of an unreduced value that are sent along. */
const firstValues = 8;

/** Ends of a run that had begun. */
const interrupted: ReadonlySet<ErrorCode> = new Set([
  'cancelled',
  'worker-died',
  'out-of-memory',
  'gpu-lost',
  'gpu-refused',
]);

/** What is said about the evaluation besides its numbers. */
export interface Context {
  readonly title: string;
  readonly source?: string;
  /** What is to be known of the arrays, each a sentence; said with every outcome. */
  readonly notes?: readonly string[];
  readonly formula?: Formula;
  readonly keep: string;
  readonly backend: Opening['backend'];
}

/** What is used of the engine, which is loaded when there is something to evaluate. */
export type Engine = Pick<
  typeof index,
  'prepare' | 'evaluate' | 'curve' | 'curvePoints' | 'sizeOf' | 'symbols' | 'losses' | 'LossLensError'
>;

export class Session {
  readonly #engine: Engine;
  readonly #request: EvaluateRequest;
  readonly #context: Context;
  readonly #subject: Subject;
  #values: Parameters;
  #prepared: { readonly reduction: ParameterValue; readonly kernels: Prepared } | undefined;
  #shown: { readonly run: number; readonly elements: Elements; readonly material: Material } | undefined;
  readonly #sweep: Sweep;
  #latest: { readonly key: string; readonly outcome: Promise<Outcome> } | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #runs = 0;
  #disposed = false;

  /** @throws LossLensError `unknown-loss`. */
  constructor(engine: Engine, request: EvaluateRequest, context: Context) {
    this.#engine = engine;
    this.#request = request;
    this.#context = context;
    this.#subject = subjectOf(engine, request.loss);
    this.#sweep = new Sweep(engine);
    this.#values = Object.fromEntries(
      this.#subject.parameters.map(({ name, default: standard }) => [
        name,
        request.parameters?.[name] ?? (name === reductionControl ? request.reduction : undefined) ?? standard,
      ]),
    );
  }

  open(): Opening {
    const controls = controlsOf(this.#subject.parameters, this.#values);
    const inputs = Object.entries(this.#request.inputs).map(([name, array]) => ({
      name,
      dtype: dtypeOf(array),
      shape: array.shape,
    }));
    const { symbol, loss } = this.#subject;
    const numbers = Object.values(this.#request.inputs).reduce((sum, { data }) => sum + data.length, 0);
    const tooLittle = this.#context.backend === 'auto' && numbers < measuredSizes('wasm')[0];
    return {
      ...this.#context,
      ...(tooLittle && { backend: 'cpu' }),
      ...(symbol !== undefined && { symbol }),
      loss,
      inputs,
      controls,
    };
  }

  /** What is evaluated. */
  get request(): EvaluateRequest {
    return this.#request;
  }

  /** What is evaluated with these parameters; those not named keep their value. */
  requestWith(parameters: Parameters): EvaluateRequest {
    const { request, parameters: own } = this.#asked({ ...this.#values, ...parameters });
    return { ...request, parameters: own };
  }

  /** The parameters that were evaluated last, or would be. */
  get values(): Parameters {
    return this.#values;
  }

  /**
   * Evaluates with these parameters; those not named keep their value. One run at a time: a call that a later one
   * has overtaken before it began is rejected with `cancelled`. The same parameters again give the same outcome.
   */
  evaluate(parameters: Parameters): Promise<Outcome> {
    const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(this.#values, name));
    if (unknown !== undefined) {
      // Kept with the others, it would be refused in every run to come.
      const sentence = t`${this.#request.loss} has no parameter '${unknown}'.`;
      return Promise.reject(new this.#engine.LossLensError('parameter', sentence));
    }
    this.#values = { ...this.#values, ...parameters };
    const values = this.#values;
    const key = JSON.stringify(
      Object.entries(values).map(([name, value]) => [name, String(value), typeof value]),
    );
    if (this.#latest?.key === key) return this.#latest.outcome;
    const outcome = this.#inTurn(() => {
      if (this.#latest?.outcome !== outcome || this.#disposed) {
        throw new this.#engine.LossLensError(
          'cancelled',
          t('A later evaluation took the place of this one.'),
        );
      }
      return this.#run(values);
    });
    this.#latest = { key, outcome };
    outcome.catch(() => {
      // What failed may be tried again.
      if (this.#latest?.outcome === outcome) this.#latest = undefined;
    });
    return outcome;
  }

  /** Evaluates, with the plot that would be asked for next: on its way back each message waits for the window to be painted. */
  async evaluateWithPlot(parameters: Parameters, wanted: PlotWanted): Promise<Outcome> {
    const outcome = await this.evaluate(parameters);
    try {
      return { ...outcome, plot: await this.plot({ ...wanted, run: outcome.run }) };
    } catch {
      // Asked for by itself it says why there is none.
      return outcome;
    }
  }

  /** @throws StaleError when `run` is no longer, or not yet, the one whose arrays are here. */
  rows(run: number, start: number, count: number): Promise<Rows> {
    return this.#inTurn(() => {
      if (this.#shown?.run !== run) throw new StaleError(t('These rows belong to an earlier evaluation.'));
      return this.#shown.elements.rows(start, count);
    });
  }

  /** @throws StaleError as `rows` does. */
  plot({ run, id, slice, row }: PlotAsked): Promise<Plot> {
    return this.#inTurn(() => {
      if (this.#shown?.run !== run) throw new StaleError(t('This plot belongs to an earlier evaluation.'));
      return makePlot(id, run, this.#shown.material, { slice, ...(row !== undefined && { row }) });
    });
  }

  /** Beside the evaluation that is shown, which stays as it is. @throws LossLensError */
  sweep(given: Parameters, parameter: string, values: Float64Array, isLast: boolean): Promise<Swept> {
    const { request, parameters } = this.#asked({ ...this.#values, ...given });
    const gradients = [predictionOf(this.#subject.inputs, request.inputs)];
    return this.#sweep.evaluate({ gradients, ...request, parameters }, parameter, values, isLast);
  }

  /**
   * The evaluation as a case for pytest.
   * @throws LossLensError with the reason for which there can be none
   */
  async pytest(given: Parameters): Promise<string> {
    const { request, parameters } = this.#asked({ ...this.#values, ...given });
    const by = predictionOf(this.#subject.inputs, request.inputs);
    const symbol = this.#engine.symbols.find(({ name }) => name === this.#subject.symbol);
    const evaluation = await this.#engine.evaluate({ gradients: [by], ...request, parameters });
    return pytestCase({ symbol, inputs: request.inputs, parameters, evaluation, by });
  }

  /** What asks for the same arrays waits until those before have their answer, or are refused. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  dispose(): void {
    this.#disposed = true;
    this.#sweep.end();
    this.#shown = undefined;
    this.#prepared?.kernels.dispose();
    this.#prepared = undefined;
  }

  async #run(values: Parameters): Promise<Outcome> {
    const { request, parameters } = this.#asked(values);
    const evaluation = await this.#evaluated(request, parameters);
    const { inputs, classAxis } = this.#subject;
    const axis = typeof parameters.axis === 'number' ? parameters.axis : classAxis;
    const resident = evaluation.resident!;
    const throughFile = comparesThroughFile(this.#subject, values);
    const elements = throughFile
      ? elementsOf({ ...resident, gradients: {} }, [], {}, axis)
      : elementsOf(resident, inputs, request.inputs, axis);
    const run = ++this.#runs;
    const rows = await elements.rows(0, firstRows);
    const material = this.#material(evaluation, parameters, axis);
    this.#shown = { run, elements, material };

    const points = this.#engine.curvePoints({ ...request, parameters }, plottedPoints);
    const plotted = curveThrough(points?.x ?? [], (range) =>
      this.#engine.curve(request.loss, parameters, range),
    );
    const { value, numerator, denominator, warnings, nonFinite, backend, dtype, timing } = evaluation;
    return {
      run,
      value: value.data.slice(0, firstValues) as TypedArray,
      valueShape: value.shape,
      quotient: Float64Array.of(numerator, denominator),
      reduction: reductionInWords({
        reduction: values[reductionControl] ?? null,
        elements: this.#engine.sizeOf(elements.table.shape),
        denominator,
        reduced: value.shape.length === 0,
      }),
      warnings: [...warnings, ...(this.#context.notes ?? []).map((message) => ({ code: 'input', message }))],
      nonFinite,
      ...(throughFile && summaryOf(evaluation.gradients)),
      table: elements.table,
      rows,
      curve: plotted,
      ...(points && {
        points: placed(
          points,
          request.inputs[predictionOf(this.#subject.inputs, this.#request.inputs)]!.shape,
          elements.table.shape,
          axis,
        ),
      }),
      plots: throughFile ? [] : plotsFor(material),
      backend,
      dtype,
      timing,
    };
  }

  /** What is shown are views of what the kernels hold: after a run that did not end, nobody's numbers. */
  async #evaluated(request: EvaluateRequest, parameters: Parameters): Promise<Evaluation> {
    try {
      return await this.#kernels(request, parameters).run(parameters);
    } catch (error) {
      const { code } = error as Partial<LossLensError>;
      if (code === undefined || interrupted.has(code)) this.#shown = undefined;
      throw error;
    }
  }

  #material(evaluation: Evaluation, parameters: Parameters, classAxis: number): Material {
    const { loss, family, framework } = this.#subject;
    const { inputs } = this.#request;
    const prediction = predictionOf(this.#subject.inputs, inputs);
    const target = targetOf(this.#subject.inputs, inputs);
    return {
      loss,
      family,
      ...(framework && { framework }),
      inputs,
      parameters,
      prediction,
      ...(target !== undefined && target !== prediction && { target }),
      classAxis,
      evaluation,
      partsOf: (other, over, own) => this.#partsOf(other, over, own),
    };
  }

  async #partsOf(
    loss: string,
    inputs: EvaluateRequest['inputs'],
    parameters: Parameters,
  ): Promise<Partial<Record<PartName, NdArray>>> {
    const kernels = this.#engine.prepare({ loss, inputs, parameters, resident: true });
    try {
      const { resident } = await kernels.run();
      const parts = resident!.parts.map(async (name) => [name, await resident!.part(name)] as const);
      return Object.fromEntries(await Promise.all(parts));
    } finally {
      kernels.dispose();
    }
  }

  #asked(values: Parameters): Asked {
    return askedOf(this.#subject, this.#request, values);
  }

  #kernels(request: EvaluateRequest, parameters: Parameters): Prepared {
    const reduction = request.reduction ?? null;
    if (this.#prepared?.reduction !== reduction) {
      this.#prepared?.kernels.dispose();
      this.#prepared = undefined;
      this.#shown = undefined;
      const kernels = this.#engine.prepare({
        gradients: [predictionOf(this.#subject.inputs, this.#request.inputs)],
        ...request,
        parameters,
        resident: true,
      });
      this.#prepared = { reduction, kernels };
    }
    return this.#prepared.kernels;
  }
}
