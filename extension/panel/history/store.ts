/**
 * The evaluations of a workspace, in the editor's storage for that workspace and nowhere else: so many entries, with so
 * much of their data as is allowed, the oldest going first. No `vscode` here but the shape of its storage.
 */
import { toBase64 } from '../../bytes.ts';

/** What `ExtensionContext.workspaceState` is. */
export interface Storage {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

export interface Entry {
  readonly id: number;
  readonly time: number;
  /** Of the data: entries with other parameters share them. */
  readonly key: string;
  readonly title: string;
  readonly loss: string;
  readonly source?: string;
  /** JSON. */
  readonly parameters: object;
  readonly written: string;
  readonly value: string;
}

export type Recorded = Omit<Entry, 'id' | 'time' | 'key'>;

interface Contents {
  readonly entries: readonly Entry[];
  /** By key: what `keep` made. */
  readonly data: Readonly<Record<string, string>>;
}

const slot = 'lossLens.history';
export const mostEntries = 100;
/** Characters of data, all entries together. */
export const mostCharacters = 2_000_000;
/** Milliseconds within which another value of the same data replaces the one before: a slider on its way. */
const onTheWay = 3000;

export class History {
  readonly #storage: Storage;
  /** One is added after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The latest first. */
  get entries(): readonly Entry[] {
    return this.#contents.entries;
  }

  /** What `kept` reads back; undefined where it is gone, or was too much to keep. */
  dataOf({ key }: Entry): string | undefined {
    return this.#contents.data[key];
  }

  add(recorded: Recorded, keep: string, now: number): Promise<void> {
    const added = this.#last.then(() => this.#add(recorded, keep, now));
    this.#last = added.catch(() => undefined);
    return added;
  }

  async #add(recorded: Recorded, keep: string, now: number): Promise<void> {
    const key = await keyOf(keep);
    const { entries, data } = this.#contents;
    const [latest, ...before] = entries;
    const same =
      latest?.key === key && JSON.stringify(latest.parameters) === JSON.stringify(recorded.parameters);
    if (same && latest.value === recorded.value) return;
    const replaces = latest?.key === key && now - latest.time < onTheWay;
    const entry = { ...recorded, id: (latest?.id ?? 0) + 1, time: now, key };
    await this.#write({
      entries: [entry, ...(replaces ? before : entries)].slice(0, mostEntries),
      data: hasData(keep) ? { ...data, [key]: keep } : data,
    });
  }

  async clear(): Promise<void> {
    await this.#storage.update(slot, undefined);
  }

  /** Data are kept for the latest entries, as far as there is room. */
  async #write({ entries, data }: Contents): Promise<void> {
    const kept: Record<string, string> = {};
    let room = mostCharacters;
    for (const { key } of entries) {
      const text = data[key];
      if (text === undefined || key in kept || text.length > room) continue;
      kept[key] = text;
      room -= text.length;
    }
    await this.#storage.update(slot, { entries, data: kept } satisfies Contents);
  }

  /** What is there of another version is as good as nothing. */
  get #contents(): Contents {
    const { entries, data } = (this.#storage.get(slot) ?? {}) as Partial<Contents>;
    if (!Array.isArray(entries) || typeof data !== 'object' || data === null)
      return { entries: [], data: {} };
    return { entries, data };
  }
}

/** The same loss on the same data from the same place, whatever the parameters. */
export async function keyOf(keep: string): Promise<string> {
  const {
    parameters: _parameters,
    reduction: _reduction,
    ...rest
  } = JSON.parse(keep) as Record<string, unknown>;
  const text = new TextEncoder().encode(JSON.stringify(rest));
  return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', text))).slice(0, 22);
}

const hasData = (keep: string): boolean => 'inputs' in JSON.parse(keep);
