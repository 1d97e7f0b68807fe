/**
 * What the hover and the panel show of each loss. The build draws it once (extension/formula) into dist/pages.json;
 * this module says what that file holds and reads it on first use, with the formulas of the user's language.
 */
import { translated } from '../engine/words.ts';
import { builtJson } from './built.ts';
import { withWords } from './formula/words.ts';
import { language } from './language.ts';

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

/** By catalogue id: the formulas with words in them, in another language. */
export type TranslatedFormulas = Readonly<Record<string, Picture>>;

let reading: Promise<Pages> | undefined;

export function pages(): Promise<Pages> {
  reading ??= read();
  return reading;
}

async function read(): Promise<Pages> {
  const english = await builtJson<Pages>('pages.json');
  if (language() === 'en') return english;
  const formulas = await builtJson<TranslatedFormulas>(`pages.${language()}.json`);
  const losses = Object.entries(english.losses).map(([id, page]) => [
    id,
    { ...page, tex: withWords(page.tex, translated), formula: formulas[id] ?? page.formula },
  ]);
  return { ...english, losses: Object.fromEntries(losses) };
}
