/** The language of what the plugin says: the editor's, which names the file of its words. */
import { readFileSync } from 'node:fs';
import { config } from '@vscode/l10n';
import type { Configuration } from './settings.ts';

let spoken: string | undefined;

/** @returns whether what was said before is to be said anew */
export function speak({ words }: Configuration): boolean {
  if (words === spoken) return false;
  spoken = words;
  config({ contents: words === undefined ? {} : bundleIn(words) });
  return true;
}

/** Nothing where it cannot be read: English is better than no answer. */
function bundleIn(words: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(words, 'utf8'));
  } catch {
    return {};
  }
}
