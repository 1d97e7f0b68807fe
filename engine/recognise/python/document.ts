/** Python's grammar, and what it needs to read every source. */
import { parser } from '@lezer/python';
import { SourceDocument, withoutData } from '../document.ts';
import { statementsOf } from './statements.ts';

/** A float without digits behind its point, which the grammar does not know: `1.`, `1.e-3`. */
const bareFloat =
  /(?<![\w.\u0080-\uffff])(?<digits>\d[\d_]*)\.(?=[eE][+-]?\d|[jJ]\b|(?![\w.\u0080-\uffff]))/g;

const noModules: ReadonlyMap<string, PythonDocument> = new Map();

export class PythonDocument extends SourceDocument {
  #modules = noModules;

  constructor(text: string) {
    super(text, 'python', { parser, parseable, parts: statementsOf });
  }

  /**
   * The user's own modules that this one imports, as far as they are known: by how they are named in it (`losses`,
   * `.common.losses`; `importedModules` lists all). What they bind to losses is recognised here.
   */
  get modules(): ReadonlyMap<string, PythonDocument> {
    return this.#modules;
  }

  set modules(modules: ReadonlyMap<string, PythonDocument>) {
    const known = this.#modules;
    if (modules.size === known.size && [...modules].every(([name, one]) => known.get(name) === one)) return;
    this.#modules = modules;
    this.changed();
  }

  override get version(): string {
    return [...this.reached()].map((document) => document.ownVersion).join(' ');
  }

  private get ownVersion(): string {
    return super.version;
  }

  /** This one, the modules that it imports, and those that they do. */
  reached(): ReadonlySet<PythonDocument> {
    const reached = new Set<PythonDocument>([this]);
    for (const one of reached) for (const module of one.#modules.values()) reached.add(module);
    return reached;
  }
}

function withoutBareFloats(text: string): string {
  return text.replace(bareFloat, '$<digits>0');
}

/** The text as the parser gets it: of the same length, so that every place is where it was. */
const parseable = (text: string): string => withoutBareFloats(withoutData(text));
