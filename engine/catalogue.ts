/** What the catalogue says of each loss and of each framework symbol bound to one: facts for people and for shells. */
import type { NdArray } from './array.ts';
import type { ParameterValue, Reduction } from './evaluation.ts';

export type Family = 'regression' | 'classification' | 'ranking' | 'image' | 'adversarial' | 'specialized';

export interface InputInfo {
  readonly name: string;
  /** What it may hold: 'float' inputs have gradients, 'integer' ones are labels; 'any' takes either (soft or index targets). */
  readonly kind: 'float' | 'integer' | 'any';
  readonly optional: boolean;
  /** One line: what it is and its shape, e.g. `predicted probabilities, [N, K]`. */
  readonly description: string;
}

export interface ParameterInfo {
  readonly name: string;
  readonly kind: 'number' | 'integer' | 'boolean' | 'choice' | 'text';
  readonly default: ParameterValue;
  /** For a 'text' that names a file: what its name ends in. What the file makes of the inputs is compared, not they. */
  readonly file?: '.onnx';
  /** For 'choice'. */
  readonly choices?: readonly (string | null)[];
  /** Whether none may be given where that is not the default. */
  readonly nullable?: true;
  /** Bounds that the loss enforces. `above` is exclusive. */
  readonly minimum?: number;
  readonly above?: number;
  readonly maximum?: number;
  readonly description: string;
}

export interface LossInfo {
  readonly id: string;
  readonly title: string;
  readonly family: Family;
  readonly inputs: readonly InputInfo[];
  readonly parameters: readonly ParameterInfo[];
  /** The reduction that the catalogue id uses when none is asked for. */
  readonly reduction: Reduction;
}

/** By whose rules a symbol computes; for people, its name is written as the library writes it. */
export type Framework =
  | 'torch'
  | 'keras'
  | 'tensorflow'
  | 'tfjs'
  | 'optax'
  | 'sklearn'
  | 'scipy'
  | 'pot'
  | 'torchvision'
  | 'smp'
  | 'monai'
  | 'kornia'
  | 'pytorch-metric-learning'
  | 'lpips'
  | 'tensorflow-gan'
  | 'tensorflow-addons';

/** One argument of a constructor or a call, in the framework's own order. */
export interface ArgumentInfo {
  readonly name: string;
  /** 'input': an array; 'parameter': an option that changes the number; 'ignored': accepted, changes nothing here (`name`). */
  readonly kind: 'input' | 'parameter' | 'ignored';
  /** As the framework's source writes it; absent when the argument is required. */
  readonly default?: string;
  readonly keywordOnly?: boolean;
}

/** What holds of some versions of a library only. */
export interface VersionFact {
  /** The first version of which it holds; absent where it always did. */
  readonly since?: string;
  /** The first version of which it holds no longer; absent where it still does. */
  readonly before?: string;
  /** A sentence, written like a caveat. */
  readonly text: string;
}

/** What is known of every symbol that is recognised. */
interface NamedSymbol {
  /** Canonical: `torch.nn.HuberLoss`. */
  readonly name: string;
  readonly framework: Framework;
  readonly kind: 'class' | 'function';
  /** Every public dotted path under which the framework exports it, `name` among them. */
  readonly paths: readonly string[];
  /** For a class: what its constructor takes. */
  readonly constructorArguments?: readonly ArgumentInfo[];
  /** What the function, or the instance, is called with. */
  readonly callArguments: readonly ArgumentInfo[];
  /** What users trip over, a sentence each, plain text with `code` in backquotes. */
  readonly caveats: readonly string[];
  readonly versions?: readonly VersionFact[];
}

/** A symbol that is bound to a loss of the catalogue, and evaluated as its library does. */
export interface SymbolInfo extends NamedSymbol {
  /** Catalogue id. */
  readonly loss: string;
  readonly inputs: readonly InputInfo[];
  readonly parameters: readonly ParameterInfo[];
}

/** A symbol that is recognised and explained, but not evaluated. */
export interface ExplainedSymbol extends NamedSymbol {
  /** The loss of the catalogue whose formula it shares, where there is one. */
  readonly loss?: string;
  /** What it computes, in a sentence or two: plain text with `code` in backquotes. */
  readonly summary: string;
  /** Its own formula, and the same in words. */
  readonly formula?: { readonly tex: string; readonly alternative: string };
  /** Why it is not evaluated, to follow on "cannot be evaluated here: ". */
  readonly refusal: string;
}

export type KnownSymbol = SymbolInfo | ExplainedSymbol;

/** Loss and gradient over one coordinate of the prediction. */
export interface Curve {
  /** What the abscissa is, e.g. `prediction − target`. */
  readonly xLabel: string;
  /** Of what the gradient is taken, e.g. `∂loss/∂prediction`. */
  readonly gradientLabel: string;
  readonly series: readonly CurveSeries[];
}

export interface CurveSeries {
  /** e.g. `target 1`; empty when there is one series only. */
  readonly label: string;
  readonly x: Float64Array;
  readonly loss: Float64Array;
  readonly gradient: Float64Array;
}

/** The user's own elements on the curve's axes. */
export interface CurvePoints {
  readonly x: Float64Array;
  readonly loss: Float64Array;
  readonly gradient: Float64Array;
  /** Flat index of each in the unreduced loss. */
  readonly index: Float64Array;
}

export type Inputs = Readonly<Record<string, NdArray>>;
