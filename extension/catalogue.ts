/** The engine's catalogue, looked up by name. */

import type { KnownSymbol, LossInfo, SymbolInfo } from '../engine/catalogue.ts';
import { explainedSymbols, losses, type SnippetFramework, symbols } from '../engine/index.ts';
import { translated } from '../engine/words.ts';
import { frameworkNames } from './frameworks.ts';

export { explainedSymbols, losses, symbols };

const byName = new Map<string, LossInfo | SymbolInfo>([
  ...losses.map((loss) => [loss.id, loss] as const),
  ...symbols.map((symbol) => [symbol.name, symbol] as const),
]);
const bySymbol = new Map<string, KnownSymbol>(
  [...symbols, ...explainedSymbols].map((symbol) => [symbol.name, symbol] as const),
);
const byId = new Map(losses.map((loss) => [loss.id, loss]));

/** What can be evaluated. @param name  a framework symbol or a catalogue id */
export function infoOf(name: string): LossInfo | SymbolInfo | undefined {
  return byName.get(name);
}

/** Also one that is only explained. */
export function symbolNamed(name: string): KnownSymbol | undefined {
  return bySymbol.get(name);
}

/** Of a catalogue loss its title, in the user's language; a framework symbol is its own. */
export function titleOf(id: string): string {
  const loss = byId.get(id);
  return loss ? translated(loss.title) : id;
}

/** What Keras makes of a function that `compile` is given by its string id: the class, which averages over the batch. */
export function compiled(functionName: string): string {
  const plain = (name: string) =>
    name
      .slice(name.lastIndexOf('.') + 1)
      .replaceAll('_', '')
      .toLowerCase();
  const { framework } = symbolNamed(functionName) ?? {};
  const counterpart = symbols.find(
    (symbol) =>
      symbol.kind === 'class' && symbol.framework === framework && plain(symbol.name) === plain(functionName),
  );
  return counterpart?.name ?? functionName;
}

/** Whose training steps there are snippets of. */
export const snippetTitles: Readonly<Record<SnippetFramework, string>> = {
  torch: frameworkNames.torch,
  keras: frameworkNames.keras,
  optax: 'JAX with Optax',
  numpy: 'NumPy',
  tfjs: frameworkNames.tfjs,
};
