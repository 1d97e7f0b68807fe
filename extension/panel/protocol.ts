/**
 * Everything that crosses between the extension host and the panel's webview: types, and nothing else.
 *
 * A number that may be NaN or infinite travels only inside a typed array: what crosses is JSON with the typed
 * arrays lifted out, and JSON has no such numbers. Whoever sends a typed array sends one that owns its whole
 * buffer, because the whole buffer is what ships.
 */
import type { TypedArray } from '../../engine/array.ts';
import type {
  Described,
  Failure,
  Opening,
  Outcome,
  Part,
  Plot,
  PlotAsked,
  PlotWanted,
  Rows,
  SweepAsked,
  Swept,
  WireParameters,
} from '../../engine/presentation/shown.ts';
import type { Speed } from '../../engine/speed.ts';
import type { CompareExchanges } from './compare/protocol.ts';
import type { ExplainExchanges } from './explain/protocol.ts';
import type { HistoryExchanges } from './history/protocol.ts';
import type { PlotExchanges } from './plots/protocol.ts';
import type { PanelReferenceExchanges } from './reference/protocol.ts';

export type * from '../../engine/presentation/shown.ts';
export type * from './compare/protocol.ts';
export type * from './explain/protocol.ts';
export type * from './history/protocol.ts';
export type * from './plots/protocol.ts';
export type * from './reference/protocol.ts';

/**
 * What can be asked of the host: for each method, what is sent and what comes back. A view's own exchanges stand in
 * a folder of its name, beside who answers them.
 */
export interface Exchanges
  extends EvaluationExchanges,
    ExplainExchanges,
    CompareExchanges,
    HistoryExchanges,
    PanelReferenceExchanges,
    PlotExchanges {}

/** Of the evaluation itself. */
export interface EvaluationExchanges {
  /** What does not change with the parameters. Asked first, and again after `changed`. */
  open: { asked: Record<never, never>; answered: Opening };
  /** Runs the loss with these parameters, and makes the plot that is shown of it. A request overtaken by a later one is answered with `cancelled`. */
  evaluate: {
    asked: { readonly parameters: WireParameters; readonly plot?: PlotWanted };
    answered: Outcome;
  };
  /** Rows of the table, `start` inclusive; fewer than `count` at the end. `stale` when `run` is not the latest. */
  rows: { asked: { readonly run: number; readonly start: number; readonly count: number }; answered: Rows };
  /** One of the outcome's plots; `stale` as rows are. */
  plot: { asked: PlotAsked; answered: Plot };
  /** Value and gradient at some values of a parameter. */
  sweep: { asked: SweepAsked; answered: Swept };
  /** What is evaluated, for who evaluates it too: described, and its arrays part by part. */
  describe: { asked: Record<never, never>; answered: Described };
  part: { asked: Part; answered: { readonly data: TypedArray } };
  /** How fast the host's processor is, measured when first asked for. */
  speeds: { asked: Record<never, never>; answered: { readonly speeds: readonly Speed[] } };
  /** Shows the source that the evaluation came from. */
  reveal: { asked: Record<never, never>; answered: Record<never, never> };
}

/** Another webview has exchanges of its own (`E`) in the same envelopes. */
export type AnyExchanges<E> = Record<keyof E, { asked: object; answered: object }>;
export type Method<E extends AnyExchanges<E> = Exchanges> = keyof E & string;
export type Asked<M extends keyof E, E extends AnyExchanges<E> = Exchanges> = E[M]['asked'];
export type Answered<M extends keyof E, E extends AnyExchanges<E> = Exchanges> = E[M]['answered'];

/** Every message to the host. Each is answered with exactly one `Reply` of the same `id`. */
export type ToHost<E extends AnyExchanges<E> = Exchanges> = { [M in Method<E>]: Request<M, E> }[Method<E>];

/** Every message to the webview. */
export type ToWebview = Reply | Changed;

export interface Request<M extends keyof E, E extends AnyExchanges<E> = Exchanges> {
  readonly kind: 'request';
  readonly id: number;
  readonly method: M;
  readonly asked: Asked<M, E>;
}

export type Reply = Result | Failed;

export interface Result {
  readonly kind: 'reply';
  readonly id: number;
  readonly ok: true;
  readonly answered: object;
}

export interface Failed {
  readonly kind: 'reply';
  readonly id: number;
  readonly ok: false;
  readonly error: Failure;
}

/** The panel now shows another evaluation; what was known of the former is void. */
export interface Changed {
  readonly kind: 'changed';
}
