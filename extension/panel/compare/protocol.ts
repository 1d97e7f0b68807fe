/** Losses side by side on the data that are shown: types, and nothing else. */
import type { Comparable, Compared } from '../../../engine/explain/index.ts';
import type { ControlInfo, WireParameters } from '../../../engine/presentation/shown.ts';

export interface CompareExchanges {
  /** What takes the same arrays. */
  comparable: {
    asked: { readonly parameters: WireParameters };
    answered: { readonly comparable: readonly ComparableView[]; readonly most: number };
  };
  /** What can be set of one of them. Not sent with all: see `mostBuffers`. */
  comparedControls: {
    asked: { readonly loss: string };
    answered: { readonly controls: readonly ControlInfo[] };
  };
  /** The evaluation with these parameters, and the others after it. */
  compare: {
    asked: { readonly parameters: WireParameters; readonly others: readonly Other[] };
    answered: { readonly compared: readonly ComparedView[] };
  };
}

export interface ComparableView extends Comparable {
  /** What people call it. */
  readonly label: string;
}

export interface Other {
  readonly loss: string;
  readonly parameters: WireParameters;
}

export interface ComparedView extends Omit<Compared, 'parameters'> {
  /** Those that were not at their defaults, as one would write them. */
  readonly written: string;
}
