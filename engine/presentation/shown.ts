/**
 * What is shown of an evaluation: small, whatever the size of the arrays, and fit to cross to another process.
 *
 * A number that may be NaN or infinite stands only inside a typed array: what crosses is JSON with the typed arrays
 * lifted out, and JSON has no such numbers. A typed array here owns its whole buffer, because the whole buffer is what
 * ships.
 */
import type { DType, NdArray, TypedArray } from '../array.ts';
import type { Curve, CurvePoints, ParameterInfo } from '../catalogue.ts';
import type { ErrorCode, ErrorDetails } from '../errors.ts';
import type { BackendName, Evaluation, Reduction, Warning } from '../evaluation.ts';
import type { Plot, PlotId, PlotOffer } from './plots/figure.ts';

export type * from './plots/figure.ts';

export interface Failure {
  /** `stale`, `refused`, `timeout`, `closed` and `internal` are the messaging's own. */
  readonly code: ErrorCode | 'stale' | 'refused' | 'timeout' | 'closed' | 'internal';
  /** The sentence alone; what was found and expected stand in `details`. */
  readonly message: string;
  readonly details: ErrorDetails;
}

/** A parameter's value, a number as a `Float64Array` of one. */
export type WireValue = Float64Array | string | boolean | null;
export type WireParameters = Readonly<Record<string, WireValue>>;

/** A request without its arrays' numbers. */
export interface Described {
  readonly loss: string;
  readonly reduction?: Reduction;
  readonly gradients?: boolean | readonly string[];
  readonly parameters: WireParameters;
  readonly inputs: Readonly<Record<string, Omit<NdArray, 'data'> & { readonly bytes: number }>>;
}

/** Numbers of one of its arrays, from `start` on; fewer than `count` at the end. */
export interface Part {
  readonly input: string;
  readonly start: number;
  readonly count: number;
}

export interface Opening {
  readonly title: string;
  /** The framework symbol that was evaluated; absent when a catalogue loss was. */
  readonly symbol?: string;
  /** Catalogue id of the loss. */
  readonly loss: string;
  /** Where the evaluation came from, e.g. `train.py:12`. */
  readonly source?: string;
  readonly notes?: readonly string[];
  readonly formula?: Formula;
  readonly inputs: readonly InputSummary[];
  readonly controls: readonly ControlInfo[];
  /** Whether the GPU of the machine that shows this is to evaluate it: where it is faster, whatever it is, or not. */
  readonly backend: 'auto' | 'webgpu' | 'cpu';
  /** What survives a reload of the window; opaque to the webview, which hands it to the editor to keep. */
  readonly keep: string;
}

export interface Formula {
  readonly tex: string;
  /** The same in words, for who does not see it. */
  readonly alternative: string;
}

export interface InputSummary {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

export interface ControlInfo extends Omit<ParameterInfo, 'default'> {
  readonly default: WireValue;
  readonly value: WireValue;
}

/** The small part of an evaluation: all but the elements, which are asked for by rows. */
export interface Outcome {
  /** Counts up; names the evaluation whose rows are meant. */
  readonly run: number;
  /** The value, or the first few when it is not reduced. In the value's own dtype. */
  readonly value: TypedArray;
  readonly valueShape: readonly number[];
  /** [numerator, denominator]; NaN where the loss is no such quotient. */
  readonly quotient: Float64Array;
  /** How the elements became the value, e.g. `mean over 6 elements`. */
  readonly reduction: string;
  readonly warnings: readonly Warning[];
  readonly nonFinite: Evaluation['nonFinite'];
  readonly table: Table;
  /** The gradient in short, where its entries belong to no row of the table. */
  readonly gradient?: GradientSummary;
  /** The first rows, so that the table is there with the value. */
  readonly rows: Rows;
  readonly curve: Curve;
  /** Absent where the inputs have no place on the curve's abscissa. */
  readonly points?: Points;
  /** What else can be drawn of it, asked for one at a time. */
  readonly plots: readonly PlotOffer[];
  /** The one that was wanted with it, where it could be made. */
  readonly plot?: Plot;
  readonly backend: BackendName;
  readonly dtype: 'float32' | 'float64';
  readonly timing: Evaluation['timing'];
}

export interface GradientSummary {
  /** The input that it is by. */
  readonly by: string;
  readonly shape: readonly number[];
  /** Its entry farthest from 0, as an array of one, and where that is; a NaN or infinite one before all others. */
  readonly largest: Float64Array;
  readonly at: readonly number[];
  /** How many entries are 0. */
  readonly zeros: number;
}

export interface PlotWanted {
  readonly id: PlotId;
  /** Which of several samples, images or channels. */
  readonly slice: number;
  /** The marked row of the table. */
  readonly row?: number;
}

export interface PlotAsked extends PlotWanted {
  readonly run: number;
}

/** Values of one parameter to evaluate, the others being as they are. */
export interface SweepAsked {
  readonly parameters: WireParameters;
  readonly parameter: string;
  readonly values: Float64Array;
  /** Whether these are the last: what was kept ready for more is let go. */
  readonly isLast: boolean;
}

export interface Swept {
  /** The loss at each; NaN where the loss refuses the value. */
  readonly values: Float64Array;
  /** √Σg² of the gradient by the prediction. */
  readonly gradients: Float64Array;
}

export interface Points extends CurvePoints {
  /** That `index` counts through. */
  readonly shape: readonly number[];
  /** The row of the table that each belongs to. */
  readonly row: Float64Array;
}

/** A row for each element of the unreduced loss. */
export interface Table {
  /** The unreduced loss's shape: how a row's number becomes an index. */
  readonly shape: readonly number[];
  readonly columns: readonly Column[];
  /** The row with the largest loss; absent when there is none that is finite. */
  readonly largest?: number;
  /** The first row whose loss is NaN or infinite. */
  readonly firstNonFinite?: number;
}

export interface Column {
  readonly label: string;
  readonly role: 'input' | 'loss' | 'gradient';
  readonly dtype: DType;
  /** How many numbers belong to a row: 1, or the length of the axis that the loss reduces (the classes). */
  readonly extent: number;
  /** How many of them are sent. */
  readonly shown: number;
}

export interface Rows {
  readonly start: number;
  /** In the order of the table's columns; `shown` numbers a row, each in its column's dtype. */
  readonly columns: readonly TypedArray[];
}
