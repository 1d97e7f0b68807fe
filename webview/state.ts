/** What survives a reload of the window, as the editor keeps it for the page: JSON, checked when it comes back. */
import type { Opening, WireParameters } from '../extension/panel/protocol.ts';

export interface Kept {
  /** For the extension, which evaluates again from it. */
  readonly keep: string;
  /** Numbers as text: JSON has no NaN and no infinity. */
  readonly parameters: object;
  /** What was evaluated: a view's memory of something else is of no use. */
  readonly about: string;
  readonly tab?: string;
  readonly row?: number;
  /** By view. */
  readonly views: Readonly<Record<string, unknown>>;
}

export interface Store {
  read(): unknown;
  write(state: Kept): void;
}

/**
 * Milliseconds after which parameters are written. The editor is given all of it each time, the data too where that is
 * little: with every move of a slider it would be passed on through all of the window.
 */
const patience = 250;

/** Begins from what the store holds, as far as that is about the same. */
export class State {
  readonly #store: Store;
  #kept: Kept;
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, opening: Opening) {
    this.#store = store;
    const { title, symbol, source, inputs, keep } = opening;
    const about = JSON.stringify([title, symbol, source, inputs]);
    const before = asKept(store.read());
    const same = before.about === about;
    this.#kept = {
      keep,
      parameters: {},
      about,
      ...(typeof before.tab === 'string' && { tab: before.tab }),
      ...(same && Number.isSafeInteger(before.row) && before.row! >= 0 && { row: before.row! }),
      views: same && typeof before.views === 'object' && before.views !== null ? before.views : {},
    };
  }

  get tab(): string | undefined {
    return this.#kept.tab;
  }

  get row(): number | undefined {
    return this.#kept.row;
  }

  view(id: string): unknown {
    return this.#kept.views[id];
  }

  turnTo(tab: string): void {
    this.#write({ tab });
  }

  /** Written a little later, or with whatever else changes. */
  evaluated(parameters: WireParameters): void {
    this.#kept = { ...this.#kept, parameters: asText(parameters) };
    this.#late ??= setTimeout(() => this.#write({}), patience);
  }

  choose(row: number | undefined): void {
    const { row: _before, ...rest } = this.#kept;
    this.#kept = rest;
    this.#write(row === undefined ? {} : { row });
  }

  changeView(id: string, value: unknown): void {
    this.#write({ views: { ...this.#kept.views, [id]: value } });
  }

  /** What is still to be written will not be. */
  dispose(): void {
    clearTimeout(this.#late);
  }

  #write(change: Partial<Kept>): void {
    clearTimeout(this.#late);
    this.#late = undefined;
    this.#kept = { ...this.#kept, ...change };
    this.#store.write(this.#kept);
  }
}

const asKept = (state: unknown): Partial<Kept> => (typeof state === 'object' && state !== null ? state : {});

/** Parameters as JSON can hold them. */
export function asText(parameters: WireParameters): object {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Float64Array ? { number: String(value[0]) } : value,
    ]),
  );
}

/** The inverse; what is no parameter is left out. */
export function fromText(text: unknown): WireParameters {
  if (typeof text !== 'object' || text === null) return {};
  return Object.fromEntries(
    Object.entries(text).flatMap(([name, value]): [string, WireParameters[string]][] => {
      if (value === null || typeof value === 'string' || typeof value === 'boolean') return [[name, value]];
      const { number } = (value ?? {}) as { number?: unknown };
      return typeof number === 'string' ? [[name, Float64Array.of(Number(number))]] : [];
    }),
  );
}
