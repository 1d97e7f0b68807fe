/** What the recogniser finds in a file alone, as the extension's own hover and diagnostics do. */
import type ts from 'typescript-6';
import { ScriptDocument } from '../../engine/recognise/script/document.ts';
import { ScriptLosses } from '../../engine/recognise/script/losses.ts';
import { finish } from '../../engine/steps.ts';
import { table } from './symbols.ts';

const known = new WeakMap<ts.SourceFile, ScriptLosses>();

export function lossesIn(file: ts.SourceFile): ScriptLosses {
  let losses = known.get(file);
  if (!losses) {
    const react = /\.[jt]sx$/.test(file.fileName) ? 'react' : '';
    const language = /\.[cm]?jsx?$/.test(file.fileName) ? 'javascript' : 'typescript';
    losses = new ScriptLosses(new ScriptDocument(file.text, language + react), table);
    finish(losses.reading());
    known.set(file, losses);
  }
  return losses;
}

export function recognisedInFile(file: ts.SourceFile, position: number): boolean {
  return lossesIn(file).at(position) !== undefined;
}
