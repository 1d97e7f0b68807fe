/** The scopes of a Python source, read part by part as they are asked of it. */
import { finish, type Steps } from '../../steps.ts';
import { nodesInStep } from '../tree.ts';
import { Binder } from './binder.ts';
import { type Binding, emptyScope, type Scope } from './bindings.ts';
import type { PythonDocument } from './document.ts';
import { callsIn, type Names, NamesInParts, type Opening, wordsIn } from './names.ts';
import { Places } from './places.ts';
import { type Node, none, type Syntax } from './syntax.ts';

/** What the parts of a source say is known when they are opened: by whom they are asked, or for a name of the module. */
export class Scopes implements Opening {
  readonly document: PythonDocument;
  readonly module: Scope;
  /** The calls of plain names. */
  readonly calls: Names<Node>;
  readonly #syntax: Syntax;
  readonly #places: Places;
  readonly #binder: Binder;
  readonly #opened = new Set<number>();
  readonly #imports: Names<string>;
  #part = 0;

  constructor(syntax: Syntax, document: PythonDocument) {
    this.#syntax = syntax;
    this.document = document;
    const base = (text: string, name: string) => wordsIn(text, name.split('.', 1)[0]!);
    const admits = (part: number, name: string) => {
      const { defines } = document.parts[part]!;
      return defines === undefined || defines === name;
    };
    this.calls = new NamesInParts(this, callsIn);
    this.#imports = new NamesInParts(this, (text) => wordsIn(text, 'import'));
    this.module = {
      ...emptyScope('module', undefined, 0),
      bindings: new NamesInParts(this, base, admits),
      mutations: new NamesInParts(this, base, admits),
      stars: new NamesInParts(this, starImports, admits),
    };
    this.#places = new Places(syntax, this.module);
    this.#binder = new Binder(syntax, this.#places, this.calls, this.#imports);
  }

  /** The scope in which each node is evaluated. */
  get of(): readonly Scope[] {
    return this.#places.of;
  }

  /** Names that are not read where they stand: bound, imported, declared, or the keyword of an argument. */
  get notRead(): ReadonlySet<Node> {
    return this.#places.notRead;
  }

  /** By the word that is bound; an import's original name too. */
  get definitions(): ReadonlyMap<Node, Binding> {
    return this.#places.definitions;
  }

  get part(): number {
    return this.#part;
  }

  get whole(): boolean {
    return this.#opened.size === this.document.parts.length;
  }

  /** Dotted names of the modules and objects that are imported anywhere. */
  get imports(): readonly string[] {
    return this.#imports.get('') ?? [];
  }

  /** All of the source. */
  *openingAll(): Steps {
    for (let part = 0; part < this.document.parts.length; part++) {
      yield* this.#opening(part);
      yield;
    }
  }

  open(part: number): void {
    finish(this.#opening(part));
  }

  *#opening(part: number): Steps {
    if (this.#opened.has(part)) return;
    const syntax = this.#syntax;
    const { first, end } = yield* syntax.opening(part);
    this.#part = part;
    this.#places.begin(first, end);
    for (let node = first; node < end; node++) {
      if (syntax.first[node] !== none) this.#binder.enter(node);
      if (node % nodesInStep === 0) yield;
    }
    this.#opened.add(part);
  }
}

function* starImports(text: string): Generator<number> {
  for (const { index } of text.matchAll(/\bimport(?:[\s\\(]|#.*\n)*\*/g)) yield index;
}
