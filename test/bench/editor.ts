/** Times in a real VS Code: starts it as the tests do, with the suite beside this file, and tells what it measured. */
import { inVSCode, whichVSCode } from './in-vscode.ts';
import { table, write } from './report.ts';
import { digits, median } from './statistics.ts';

/** Milliseconds, from asking to having. */
export interface EditorTimes {
  readonly activation: readonly number[];
  /** Through the editor's own command for hovers, to the window and back: in a file that has just been opened. */
  readonly hoverFirst: readonly number[];
  /** In the files that are opened after that. */
  readonly hoverAtOnce: readonly number[];
  /** In as long a file of another language, from a provider that answers a constant: what VS Code itself takes. */
  readonly constantAtOnce: readonly number[];
  /** The provider alone, in files that it never read: a copy of it, which runs for the first time at the first. */
  readonly providerAtOnce: readonly number[];
  readonly hoverCold: readonly number[];
  readonly hoverWarm: readonly number[];
  readonly hoverEdited: readonly number[];
  readonly providerEdited: readonly number[];
  /** In TypeScript, whose own server answers on the same way. */
  readonly scriptCold: readonly number[];
  readonly scriptEdited: readonly number[];
  /** The provider alone. */
  readonly providerWarm: readonly number[];
  /** The same way, at a place without a loss: what the way itself takes. */
  readonly nothingWarm: readonly number[];
  /** A panel with a word in it, from its making to the word shown: what VS Code itself takes. */
  readonly frameAlone: readonly number[];
  /** From the command to the value shown: nothing loaded yet; a new panel; a panel that is open. */
  readonly panelFirst: readonly number[];
  /** By the page's own clock, to the first paint with the value in it; the same of the new panels below. */
  readonly paintedFirst: readonly number[];
  readonly panelNew: readonly number[];
  readonly paintedNew: readonly number[];
  readonly panelAgain: readonly number[];
  /** With ten times as many. */
  readonly largeNew: readonly number[];
  readonly paintedLarge: readonly number[];
  readonly largeAgain: readonly number[];
  /** What asking the window for a value that it shows already takes. */
  readonly seeing: readonly number[];
}

const told: Readonly<Record<keyof EditorTimes, [title: string, budget: string]>> = {
  activation: ['Activation', '50'],
  hoverFirst: ['Hover, 10 000 lines, at once when the first file opens', ''],
  hoverAtOnce: ['– at once when another file opens', ''],
  constantAtOnce: ['– at once when a file opens, from a provider that answers a constant', ''],
  providerAtOnce: ['– the provider alone, in a file that it never read', '50'],
  hoverCold: ['– two seconds later, the first in the file', '50'],
  hoverWarm: ['Hover, warm, by way of the editor', '10'],
  providerWarm: ['– of it the provider', ''],
  nothingWarm: ['– the way alone, where no loss is named', ''],
  hoverEdited: ['Hover, just after an edit', ''],
  providerEdited: ['– the provider alone', '10'],
  scriptCold: ['Hover in TypeScript, 10 000 lines, the first', ''],
  scriptEdited: ['– just after an edit', ''],
  frameAlone: ['A new panel with a word in it, to the word shown', ''],
  panelFirst: ['Evaluate to value seen, 10 000 elements, the first', '500'],
  paintedFirst: ['– of it until the page has painted it', ''],
  panelNew: ['– in a new panel', '500'],
  paintedNew: ['– of it until the page has painted it', ''],
  panelAgain: ['– in the panel that is open', '500'],
  largeNew: ['Evaluate to value seen, 100 000 elements, in a new panel', '300'],
  paintedLarge: ['– of it until the page has painted it', ''],
  largeAgain: ['– in the panel that is open', '300'],
  seeing: ['– of it asking the window what it shows', ''],
};

const launches = 3;

export async function editor(project: string): Promise<void> {
  const all: EditorTimes[] = [];
  for (let launch = 0; launch < launches; launch++) {
    const times = await inVSCode<EditorTimes>(project, 'editor.host-bench.ts');
    if (times) all.push(times);
  }
  if (all.length === 0) {
    write('Not measured: VS Code did not start here.');
    return;
  }
  table(
    [`ms, ${all.length} of ${launches} launches`, 'median', 'least', 'most', 'budget'],
    Object.entries(told).map(([name, [title, budget]]) => {
      const times = all.flatMap((one) => one[name as keyof EditorTimes]);
      return [title, digits(median(times)), digits(Math.min(...times)), digits(Math.max(...times)), budget];
    }),
  );
  write(
    `${whichVSCode}. Making the frame of a new panel is VS Code's own work and in the time. A value is seen by asking the window again and again, which a page that draws its plots answers late; the page notes by itself when it has painted it.`,
  );
}
