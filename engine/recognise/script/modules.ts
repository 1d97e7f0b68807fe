/** What TensorFlow.js exports, which of it is a loss, and from which of its packages. */
import type { KnownSymbol, SymbolInfo } from '../../catalogue.ts';

/** `@tensorflow/tfjs`, also with a version, as a path to its main file, or by an address that ends in one. */
const specifier =
  /(?:^|[/:])@tensorflow\/tfjs(?<part>-node-gpu|-node|-core|-layers)?(?:@[^/]+)?(?:\/(?:\+esm|dist\/(?:index|tf[\w.-]*?)(?:\.m?js)?))?$/;

/** What these parts of it have; the others have all. */
const ofPart: Readonly<Record<string, readonly string[]>> = {
  '-core': ['losses', 'Reduction'],
  '-layers': ['metrics'],
};
const losses = ['losses', 'metrics', 'Reduction'];

/** Of `tf.Reduction`, an enumeration: also by their numbers. */
export const reductions = ['NONE', 'MEAN', 'SUM', 'SUM_BY_NONZERO_WEIGHTS'] as const;

const layerLoss = 'tf.layers.';

export class TfjsTable {
  readonly #symbols = new Map<string, SymbolInfo>();
  readonly #ids = new Map<string, SymbolInfo>();

  constructor(symbols: readonly KnownSymbol[]) {
    for (const symbol of symbols) {
      if (symbol.framework !== 'tfjs' || !('inputs' in symbol)) continue;
      if (symbol.name.startsWith(layerLoss)) this.#ids.set(symbol.name.slice(layerLoss.length), symbol);
      for (const path of symbol.paths) if (!path.startsWith(layerLoss)) this.#symbols.set(path, symbol);
    }
  }

  /** False when nothing in this text can name a loss, so that it need not be parsed. */
  mayName(text: string): boolean {
    return /@tensorflow\/tfjs|\btf\b|\.compile\s*\(/.test(text);
  }

  isModule(name: string): boolean {
    return specifier.test(name);
  }

  /** The path of an export, or of the whole module; `undefined` for what that part of the library lacks. */
  exported(module: string, name?: string): string | undefined {
    const match = specifier.exec(module);
    if (!match) return undefined;
    if (name === undefined || name === 'default') return 'tf';
    const allowed = ofPart[match.groups!['part'] ?? ''];
    const lacks = allowed && losses.includes(name) && !allowed.includes(name);
    return lacks ? undefined : this.member('tf', name);
  }

  member(path: string, name: string): string {
    return path === 'tf' && name === 'default' ? path : `${path}.${name}`;
  }

  symbol(path: string): SymbolInfo | undefined {
    return this.#symbols.get(path);
  }

  /** The loss that a string stands for in `compile`. */
  stringId(id: string): SymbolInfo | undefined {
    return this.#ids.get(id);
  }

  /** Every string that `compile` takes as a loss. */
  get stringIds(): readonly string[] {
    return [...this.#ids.keys()];
  }
}
