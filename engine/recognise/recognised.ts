/** What recognition reports. Offsets are UTF-16, ends exclusive. */
import type { ArgumentInfo } from '../catalogue.ts';
import type { Parameters } from '../evaluation.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The range is that of the last name: `HuberLoss` in `torch.nn.HuberLoss`, `mse` in `loss='mse'`. */
export interface RecognisedLoss extends Range {
  /**
   * Canonical name of the framework's symbol; for an instance, of its class. The user's own definition that a
   * comment `# loss: id` declares has none: here is the catalogue id then, which `evaluate` takes as well.
   */
  readonly symbol: string;
  /** Catalogue id; `undefined` for a symbol whose loss the catalogue lacks. */
  readonly loss: string | undefined;
  readonly kind: 'class' | 'function' | 'instance';
  /** The call expression whose callee this is. */
  readonly call?: Range;
  /** A string id in `model.compile(loss='mse')`. */
  readonly context?: 'compile';
  /** Symbols of the other losses that the name may hold here, where that depends on how the program runs. */
  readonly alternatives?: readonly string[];
}

/** An array that a loss is called with, under the callee's own argument name. */
export interface ArrayArgument extends Range {
  /** Empty where the callee is the user's own and its parameters are not known. */
  readonly name: string;
  /** As written in the call. */
  readonly text: string;
  /** `variable`: a name, or an attribute of one. */
  readonly kind: 'literal' | 'variable' | 'other';
  /** The source of the literal itself, or of the one that the variable surely holds. */
  readonly literal?: string;
}

export interface LossCall extends Range {
  readonly loss: RecognisedLoss;
  /** Under the framework's names: what the constructor, `functools.partial` and the call set, the last winning. */
  readonly options: Parameters;
  /** Options whose values cannot be read from the source. */
  readonly unread: readonly { readonly name: string; readonly text: string }[];
  /** In the callee's order; empty where a loss is made or named but not evaluated. */
  readonly arguments: readonly ArrayArgument[];
}

/** What the callee of a call that is being written takes. */
export interface LossSignature {
  readonly symbol: string;
  /** Whether the call makes an instance: the arguments are then those of the constructor. */
  readonly makes: boolean;
  readonly arguments: readonly ArgumentInfo[];
  /** The index of the argument that stands, or would stand, at the offset; absent where nobody knows. */
  readonly active: number | undefined;
}

/** Where a selected literal goes, and the whole array expression around it. */
export interface AssignedName extends Range {
  /** The variable, attribute, keyword argument or dictionary key; absent when the literal has no name. */
  readonly name?: string;
}
