/** The engine's catalogue, looked up by name. */
import type { Framework, LossInfo, SymbolInfo } from '../engine/catalogue.ts';
import { losses, type SnippetFramework, symbols } from '../engine/index.ts';

export { losses, symbols };

const byName = new Map<string, LossInfo | SymbolInfo>([
  ...losses.map((loss) => [loss.id, loss] as const),
  ...symbols.map((symbol) => [symbol.name, symbol] as const),
]);
const byId = new Map(losses.map((loss) => [loss.id, loss]));

/** @param name  a framework symbol or a catalogue id */
export function infoOf(name: string): LossInfo | SymbolInfo | undefined {
  return byName.get(name);
}

export function symbolNamed(name: string): SymbolInfo | undefined {
  const info = byName.get(name);
  return info && 'framework' in info ? info : undefined;
}

/** Of a catalogue loss its title; a framework symbol is its own. */
export function titleOf(id: string): string {
  return byId.get(id)?.title ?? id;
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

/** As people call them, in the order in which they are listed. */
export const frameworkTitles: Readonly<Record<Framework, string>> = {
  torch: 'PyTorch',
  keras: 'Keras',
  tensorflow: 'TensorFlow',
  tfjs: 'TensorFlow.js',
  optax: 'Optax',
  sklearn: 'scikit-learn',
  scipy: 'SciPy',
  pot: 'Python Optimal Transport',
  torchvision: 'torchvision',
  smp: 'segmentation-models-pytorch',
  monai: 'MONAI',
  kornia: 'Kornia',
  'pytorch-metric-learning': 'PyTorch Metric Learning',
};

/** Whose training steps there are snippets of. */
export const snippetTitles: Readonly<Record<SnippetFramework, string>> = {
  torch: frameworkTitles.torch,
  keras: frameworkTitles.keras,
  optax: 'JAX with Optax',
  numpy: 'NumPy',
  tfjs: frameworkTitles.tfjs,
};
