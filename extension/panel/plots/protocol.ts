/** What the panel's plots ask of the host besides their numbers: types, and nothing else. */
import type { WireParameters } from '../../../engine/presentation/shown.ts';

export interface PlotExchanges {
  /** Asks where to, and writes it there. */
  save: {
    asked: {
      /** Without its ending. */
      readonly name: string;
      readonly format: SavedFormat;
      readonly bytes: Uint8Array;
    };
    /** Where it went, as it is shown; absent where the user let it be. */
    answered: { readonly saved?: string };
  };
  /** Puts a text on the clipboard. */
  copy: { asked: { readonly text: string }; answered: Record<never, never> };
  /** The evaluation as a case for pytest, with these parameters. */
  pytest: { asked: { readonly parameters: WireParameters }; answered: { readonly text: string } };
}

export type SavedFormat = 'svg' | 'png' | 'csv';
