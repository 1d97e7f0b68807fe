/** Training steps with each loss, in each framework: generated, so that a loss is written once. */
import type { SymbolInfo } from '../catalogue.ts';
import type { Loss } from '../definition.ts';
import { symbols } from '../frameworks/index.ts';
import { losses } from '../losses/index.ts';
import { kerasRecipes, kerasSnippet } from './keras.ts';
import { numpyRecipes, numpySnippet } from './numpy.ts';
import { optaxRecipes, optaxSnippet } from './optax.ts';
import type { Snippet, SnippetFramework } from './snippet.ts';
import { type Recipe, type Step, stepOf } from './step.ts';
import { tfjsRecipes, tfjsSnippet } from './tfjs.ts';
import { torchRecipes, torchSnippet } from './torch.ts';

export * from './place.ts';
export * from './snippet.ts';

interface Kit {
  readonly recipes: readonly Recipe[];
  write(step: Step): Snippet | undefined;
}

const kits: Readonly<Record<SnippetFramework, Kit>> = {
  torch: { recipes: torchRecipes, write: torchSnippet },
  keras: { recipes: kerasRecipes, write: kerasSnippet },
  optax: { recipes: optaxRecipes, write: optaxSnippet },
  numpy: { recipes: numpyRecipes, write: numpySnippet },
  tfjs: { recipes: tfjsRecipes, write: tfjsSnippet },
};

export const snippetFrameworks = Object.keys(kits) as readonly SnippetFramework[];

/** In whose training step a framework's symbols stand. */
const kitOf: Readonly<Partial<Record<SymbolInfo['framework'], SnippetFramework>>> = {
  torch: 'torch',
  torchvision: 'torch',
  smp: 'torch',
  monai: 'torch',
  kornia: 'torch',
  keras: 'keras',
  tensorflow: 'keras',
  optax: 'optax',
  sklearn: 'numpy',
  scipy: 'numpy',
  pot: 'numpy',
  tfjs: 'tfjs',
};

const byLoss = new Map<string, Loss>(losses.map((loss) => [loss.id, loss]));
const written = new Map<string, Snippet | undefined>();

/** What a snippet is written from; arguments as for `snippetFor`. */
export function stepFor(name: string, framework: SnippetFramework): Step | undefined {
  const loss = byLoss.get(symbolNamed(name)?.loss ?? name);
  if (!loss) return undefined;
  const ofLoss = kits[framework].recipes.filter((candidate) => candidate.loss === loss.id);
  // A loss in plain NumPy is written out, not called.
  const usual = framework === 'numpy' ? undefined : ofLoss[0];
  return stepOf(loss, ofLoss.find((candidate) => candidate.symbol === name) ?? usual);
}

/**
 * A training step with a loss.
 * @param name  a catalogue id, or a framework's symbol, which the snippet then calls if it is written for it
 * @param framework  of the snippet; a symbol's own unless given
 * @returns `undefined` for a name that is not known, and for a loss that the framework cannot compute with what it has
 */
export function snippetFor(name: string, framework?: SnippetFramework): Snippet | undefined {
  const wanted = framework ?? frameworkOf(name);
  if (!wanted) return undefined;
  const key = `${wanted} ${name}`;
  if (!written.has(key)) {
    const step = stepFor(name, wanted);
    written.set(key, step && kits[wanted].write(step));
  }
  return written.get(key);
}

/** In whose training step a symbol stands; `undefined` for a loss of the catalogue, which stands in all. */
export function frameworkOf(name: string): SnippetFramework | undefined {
  const symbol = symbolNamed(name);
  return symbol && kitOf[symbol.framework];
}

const symbolNamed = (name: string): SymbolInfo | undefined =>
  symbols.find((candidate) => candidate.name === name);

/** Names to ask `snippetFor` for: of every loss, and of every symbol that a snippet of the framework calls. */
export function snippetNames(framework: SnippetFramework): readonly string[] {
  const bySymbol = kits[framework].recipes.map(({ symbol }) => symbol);
  return [...new Set([...byLoss.keys(), ...bySymbol])].filter((name) => snippetFor(name, framework));
}
