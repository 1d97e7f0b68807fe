/**
 * Plots as they cross to who draws them: bins, cells and a thousand points at most, never the arrays. At most `mostBytes`
 * a plot. What is drawn is also what is exported and read out: `columns.ts` makes a table of any figure.
 */

/** Of one plot, all its figures together. */
export const mostBytes = 100_000;

export type PlotId =
  | 'gradient-histogram'
  | 'loss-histogram'
  | 'classes'
  | 'gradient-map'
  | 'images'
  | 'distances'
  | 'scores'
  | 'alignment'
  | 'transport';

/** A plot that suits what is evaluated. */
export interface PlotOffer {
  readonly id: PlotId;
  readonly title: string;
}

export interface Plot extends PlotOffer {
  /** The evaluation that it is of. */
  readonly run: number;
  /** What there is to see, in sentences: the text alternative. */
  readonly findings: string;
  readonly figures: readonly Figure[];
  /** Which of several it shows, where it shows one at a time: samples, images, channels. */
  readonly slice?: { readonly label: string; readonly count: number; readonly shown: number };
}

export type Figure = Bins | Bars | Grid | Lines;

interface Drawn {
  readonly caption: string;
  readonly x: Axis;
  readonly y: Axis;
}

export interface Axis {
  readonly label: string;
  readonly unit?: string;
}

/** How many lie where: one or two histograms over the same edges. */
export interface Bins extends Drawn {
  readonly mark: 'bins';
  /** One more than there are bins. */
  readonly edges: Float64Array;
  readonly series: readonly BinSeries[];
  readonly rules: readonly Rule[];
  /** Where the marked row of the table stands. */
  readonly marked: Float64Array;
}

export interface BinSeries {
  readonly label: string;
  readonly counts: Float64Array;
  /** A row of the table in each bin; −1 for an empty one. */
  readonly rows: Float64Array;
}

/** A value of the abscissa worth a line. */
export interface Rule {
  readonly label: string;
  readonly at: Float64Array;
}

/** A number for each class. */
export interface Bars extends Drawn {
  readonly mark: 'bars';
  readonly names: readonly string[];
  readonly heights: Float64Array;
  /** How many rows of the table each stands for, and the one among them with the largest loss. */
  readonly counts: Float64Array;
  readonly rows: Float64Array;
  /** Positions among the bars. */
  readonly marked: Float64Array;
}

/** Numbers over two axes, each cell standing for a block of them where there are too many. */
export interface Grid extends Drawn {
  readonly mark: 'grid';
  readonly height: number;
  readonly width: number;
  /** How many rows and columns the cells stand for. */
  readonly extents: readonly [rows: number, columns: number];
  /** Row after row. */
  readonly values: Float32Array;
  /** What a value is. */
  readonly value: Axis;
  /** `diverging` around 0; `sequential` from the lowest to the highest; `classes`: whole numbers without an order. */
  readonly scale: 'diverging' | 'sequential' | 'classes';
  /** What the ends of the scale stand for. */
  readonly range: Float64Array;
  /** What the classes are called, by their numbers. */
  readonly names?: readonly string[];
  /**
   * The row of the table that each cell leads to, −1 for none; or how rows follow from the line and column of the block's
   * middle. Absent where cells belong to no rows.
   */
  readonly rows?: Float64Array | { readonly start: number; readonly line: number; readonly column: number };
  /** Whether the cells are pixels, and square. */
  readonly isImage: boolean;
  /** Positions among the cells. */
  readonly marked: Float64Array;
}

export interface Lines extends Drawn {
  readonly mark: 'lines';
  /** Of the abscissa. */
  readonly isLogarithmic?: boolean;
  readonly series: readonly LineSeries[];
  readonly points: readonly PointSeries[];
  readonly rules: readonly Rule[];
}

export interface LineSeries {
  readonly label: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface PointSeries extends LineSeries {
  /** The row of the table that each belongs to; −1 for none. */
  readonly rows: Float64Array;
  /** Positions among the points. */
  readonly marked: Float64Array;
}
