/** Everything that crosses between the extension host and the page of a streamed evaluation: types, and nothing else. */
import type { Warning } from '../../engine/evaluation.ts';

/** In the envelopes of the panel's protocol. */
export interface StreamedExchanges {
  /** What there is to show; nothing after a reload of the window, when the page has it itself. */
  open: { asked: Record<never, never>; answered: { readonly shown?: Shown } };
}

/** Numbers that may be NaN or infinite stand in typed arrays alone, as in the panel. */
export interface Shown {
  readonly title: string;
  readonly symbol?: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly from: string;
    /** Read row by row. */
    readonly rowwise: boolean;
  }[];
  /** [value, numerator, denominator] */
  readonly value: Float64Array;
  readonly rows: number;
  /** Of each part its first row, how many there are, and their loss alone. */
  readonly parts: {
    readonly start: Float64Array;
    readonly rows: Float64Array;
    readonly value: Float64Array;
  };
  /** Largest magnitude and Euclidean norm. */
  readonly gradients: readonly { readonly by: string; readonly size: Float64Array }[];
  readonly withoutGradient: readonly string[];
  readonly nonFinite: { readonly count: number; readonly first?: readonly number[] };
  readonly warnings: readonly Warning[];
  readonly backend: string;
  readonly dtype: 'float32' | 'float64';
  /** Milliseconds. */
  readonly time: number;
  readonly bytes: number;
}
