/** What a webview may ask: every message is compared with this before anything is done with it. */
import { t } from '@vscode/l10n';
import type { SnippetFramework } from '../../engine/snippets/snippet.ts';
import type {
  AnyExchanges,
  Asked,
  EvaluationExchanges,
  Exchanges,
  Other,
  PlotId,
  PlotWanted,
  SavedFormat,
  WireParameters,
  WireValue,
} from './protocol.ts';

type Check<T> = (value: unknown) => value is T;

/** For each method, what each of its members must be. */
export type Checks<E extends AnyExchanges<E>> = {
  readonly [M in keyof E]: { readonly [K in keyof Asked<M, E>]-?: Check<Asked<M, E>[K]> };
};

/** The first member of `asked` that is not what it must be; undefined when all are. */
export function wrongIn(
  checks: Readonly<Record<string, Check<unknown>>>,
  asked: unknown,
): string | undefined {
  if (typeof asked !== 'object' || asked === null) return t('what is asked');
  return Object.entries(checks).find(
    ([name, check]) =>
      !check(Object.hasOwn(asked, name) ? (asked as Record<string, unknown>)[name] : undefined),
  )?.[0];
}

const text =
  (most: number): Check<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= most;
const name = text(500);
const flag: Check<boolean> = (value) => typeof value === 'boolean';
const count =
  (most = Number.MAX_SAFE_INTEGER): Check<number> =>
  (value): value is number =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
const oneOf =
  <T extends string>(options: Readonly<Record<T, true>>): Check<T> =>
  (value): value is T =>
    typeof value === 'string' && Object.hasOwn(options, value);
const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || check(value);
const listOf =
  <T>(check: Check<T>, most: number): Check<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= most && value.every(check);
const bytes =
  (most: number): Check<Uint8Array> =>
  (value): value is Uint8Array =>
    value instanceof Uint8Array && value.length <= most;
const numbers =
  (most: number): Check<Float64Array> =>
  (value): value is Float64Array =>
    value instanceof Float64Array && value.length <= most;

const wireValue: Check<WireValue> = (value): value is WireValue =>
  value === null || flag(value) || text(10_000)(value) || (numbers(1)(value) && value.length === 1);
const parameters: Check<WireParameters> = (value): value is WireParameters =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  Object.keys(value).length <= 200 &&
  Object.entries(value).every(([key, each]) => name(key) && wireValue(each));

const plotId = oneOf<PlotId>({
  'gradient-histogram': true,
  'loss-histogram': true,
  classes: true,
  'gradient-map': true,
  images: true,
  distances: true,
  scores: true,
  alignment: true,
  transport: true,
});
const framework = oneOf<SnippetFramework>({ torch: true, keras: true, optax: true, numpy: true, tfjs: true });
const plotMembers = { id: plotId, slice: count(), row: optional(count()) };
const plotWanted: Check<PlotWanted> = (value): value is PlotWanted =>
  wrongIn(plotMembers, value) === undefined;
const savedFormat = oneOf<SavedFormat>({ svg: true, png: true, csv: true });

/** Of one picture; more is none. */
const mostBytes = 50_000_000;

export const referenceChecks: Checks<Pick<Exchanges, 'page' | 'curve'>> = {
  page: { id: optional(name) },
  curve: { name, parameters },
};

export const evaluationChecks: Checks<EvaluationExchanges> = {
  open: {},
  evaluate: { parameters, plot: optional(plotWanted) },
  rows: { run: count(), start: count(), count: count(10_000) },
  plot: { run: count(), ...plotMembers },
  sweep: { parameters, parameter: name, values: numbers(10_000), isLast: flag },
  describe: {},
  part: { input: name, start: count(), count: count(2 ** 22) },
  speeds: {},
  reveal: {},
};

export const panelChecks: Checks<Exchanges> = {
  ...evaluationChecks,
  ...referenceChecks,
  explainValue: { parameters },
  explainElement: { parameters, row: count() },
  findTrouble: { parameters },
  otherRules: { parameters },
  comparable: { parameters },
  comparedControls: { loss: name },
  compare: {
    parameters,
    others: listOf((other): other is Other => wrongIn({ loss: name, parameters }, other) === undefined, 100),
  },
  record: { parameters, value: text(1000) },
  history: { parameters },
  goBack: { id: count() },
  clearHistory: {},
  snippets: {},
  insertSnippet: { framework },
  openPage: { id: name },
  save: { name, format: savedFormat, bytes: bytes(mostBytes) },
  copy: { text: text(mostBytes) },
  pytest: { parameters },
};
