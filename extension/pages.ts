/**
 * What the hover and the panel show of each loss. The build draws it once (extension/formula) into dist/pages.json;
 * this module says what that file holds and reads it on first use.
 */
import { builtJson } from './built.ts';

/** An SVG that takes its colours from the classes and `currentColor` that `themed` (hover/theme.ts) fills in. */
export interface Picture {
  readonly svg: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The same in words, for screen readers and for text-only views. */
  readonly alternative: string;
}

export interface Page {
  /** Catalogue id. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences of plain text with `code` in backquotes. */
  readonly summary: string;
  /** TeX of the first display formula, without its `$$`. */
  readonly tex: string;
  readonly formula: Picture;
}

export interface Pages {
  /** By catalogue id. */
  readonly losses: Readonly<Record<string, Page>>;
  /** By framework symbol and by catalogue id: loss and gradient at the default parameters. */
  readonly curves: Readonly<Record<string, Picture>>;
  /** By framework symbol, of those that are only explained: the formula, where it is not its catalogue loss's. */
  readonly formulas: Readonly<Record<string, Picture>>;
}

let reading: Promise<Pages> | undefined;

export function pages(): Promise<Pages> {
  reading ??= builtJson<Pages>('pages.json');
  return reading;
}
