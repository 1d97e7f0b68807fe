/**
 * Facts that are data, such as titles, descriptions and caveats: each stands in English where it belongs and is looked up
 * where it is shown. `test/words/facts.ts` lists them for translators.
 */
import { t as lookUp } from '@vscode/l10n';

/** @param filled  for `{0}`, `{1}` … */
export const translated = (fact: string, ...filled: readonly string[]): string => lookUp(fact, ...filled);
