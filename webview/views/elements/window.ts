/** Which rows of a long table are in view, when a scrollbar can no longer tell one row from the next. */

/** Browsers lay out no taller than some 33 million pixels; well below that, scrolling stays exact. */
const tallest = 8_000_000;

/** Keeps the first visible row and the scrollbar's place in step. All lengths in pixels. */
export class RowWindow {
  readonly rowHeight: number;
  total = 0;
  visible = 1;
  /** First row in view. */
  top = 0;

  constructor(rowHeight: number) {
    this.rowHeight = rowHeight;
  }

  get last(): number {
    return Math.max(0, this.total - this.visible);
  }

  /** Height of what is scrolled through, all rows together unless that is too tall. */
  get height(): number {
    return Math.min(this.total * this.rowHeight, tallest);
  }

  /** Takes the scrollbar's place over. */
  scrolled(offset: number): void {
    const reach = this.#reach;
    this.top = reach <= 0 ? 0 : Math.min(this.last, Math.max(0, Math.round((offset / reach) * this.last)));
  }

  moveTo(row: number): void {
    this.top = Math.min(this.last, Math.max(0, row));
  }

  /** Where the scrollbar belongs. */
  get offset(): number {
    return this.last === 0 ? 0 : (this.top / this.last) * this.#reach;
  }

  get #reach(): number {
    return this.height - this.visible * this.rowHeight;
  }
}
