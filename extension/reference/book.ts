/**
 * The pages of the reference, as the build has rendered them (extension/reference/build.ts) into dist/reference.json, and
 * into a file for each other language. This module says what that file holds and reads it on first use.
 */

import type { Family } from '../../engine/catalogue.ts';
import { builtJson } from '../built.ts';
import { language } from '../language.ts';

export interface BookPage {
  /** A catalogue id, the name of a family, one of `guides`, `messages/<name>` or `checks/<code>`. */
  readonly id: string;
  readonly kind: 'loss' | 'family' | 'guide' | 'message' | 'check';
  readonly title: string;
  /** The book's, or English where the page has not been translated. */
  readonly language: string;
  /** Of a loss and of its family's own page. */
  readonly family?: Family;
  /**
   * All but the title. Formulas are empty elements of class `math` with `data-tex`, to be typeset where they are
   * shown; links to other pages have `data-page`.
   */
  readonly html: string;
}

export interface Book {
  readonly language: string;
  readonly pages: Readonly<Record<string, BookPage>>;
  /** The pages that belong to no family, first to last. */
  readonly guides: readonly string[];
  /** The families in the order of the design, each with its losses in that of the catalogue. */
  readonly families: readonly { readonly id: Family; readonly losses: readonly string[] }[];
  /** The pages about what libraries print. */
  readonly messages: readonly string[];
  /** The pages about what is reported in code. */
  readonly checks: readonly string[];
}

let reading: Promise<Book> | undefined;

export function book(): Promise<Book> {
  reading ??= builtJson<Book>(language() === 'en' ? 'reference.json' : `reference.${language()}.json`);
  return reading;
}
