/** The evaluations of a workspace: types, and nothing else. */
import type { WireParameters } from '../../../engine/presentation/shown.ts';

export interface HistoryExchanges {
  /** Adds what is shown, once its parameters rest. */
  record: {
    asked: { readonly parameters: WireParameters; readonly value: string };
    answered: Record<never, never>;
  };
  /** The latest first. The parameters are those that are shown. */
  history: {
    asked: { readonly parameters: WireParameters };
    answered: { readonly entries: readonly HistoryEntry[] };
  };
  /**
   * Shows an earlier evaluation here. Where its data are the ones that are shown, only its parameters are answered,
   * for the controls to be put to.
   */
  goBack: {
    asked: { readonly id: number };
    answered: { readonly parameters?: WireParameters };
  };
  clearHistory: { asked: Record<never, never>; answered: Record<never, never> };
}

export interface HistoryEntry {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly title: string;
  /** A catalogue id or a symbol. */
  readonly loss: string;
  /** `train.py:12` */
  readonly source?: string;
  /** Those that were not at their defaults, as one would write them. */
  readonly parameters: string;
  /** As it was shown. */
  readonly value: string;
  /** Whether its data are still kept. */
  readonly isKept: boolean;
  /** Whether it is what the panel shows, parameters and all. */
  readonly isHere: boolean;
}
