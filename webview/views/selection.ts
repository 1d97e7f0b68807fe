/** The element that is looked at: a row of the table, chosen in any view and followed by all. */
export class Selection {
  readonly #listeners = new Set<(row: number | undefined) => void>();
  #row: number | undefined;

  /** @param row from which to begin */
  constructor(row?: number) {
    this.#row = row;
  }

  get row(): number | undefined {
    return this.#row;
  }

  choose(row: number | undefined): void {
    if (row === this.#row) return;
    this.#row = row;
    for (const listener of this.#listeners) listener(row);
  }

  /** Calls with each change from now on. */
  onChange(listener: (row: number | undefined) => void): void {
    this.#listeners.add(listener);
  }
}
