/** Python's grammar, and what it needs to read every source. */
import { parser } from '@lezer/python';
import { SourceDocument, withoutData } from '../document.ts';
import { statementsOf } from './statements.ts';

/** A float without digits behind its point, which the grammar does not know: `1.`, `1.e-3`. */
const bareFloat =
  /(?<![\w.\u0080-\uffff])(?<digits>\d[\d_]*)\.(?=[eE][+-]?\d|[jJ]\b|(?![\w.\u0080-\uffff]))/g;

export class PythonDocument extends SourceDocument {
  constructor(text: string) {
    super(text, 'python', { parser, parseable, parts: statementsOf });
  }
}

function withoutBareFloats(text: string): string {
  return text.replace(bareFloat, '$<digits>0');
}

/** The text as the parser gets it: of the same length, so that every place is where it was. */
const parseable = (text: string): string => withoutBareFloats(withoutData(text));
