/** The table of elements: as long as the data, with only the rows in view there. */
import { t } from '@vscode/l10n';
import type { TypedArray } from '../../../engine/array.ts';
import type { Column, Outcome, Rows, Table } from '../../../extension/panel/protocol.ts';
import { entryControl, linkButton } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { elementsText, exact, grouped, indexOf, rowOf, short } from '../../format.ts';
import { latest } from '../../latest.ts';
import type { Selection } from '../selection.ts';
import { RowWindow } from './window.ts';

const rowHeight = 24;
const mostVisible = 14;
/** Narrower than this, numbers are shortened to fit. */
const narrow = 480;
/** Rows asked for at a time, so that a little scrolling needs no request. */
const page = 200;

export interface TableView {
  readonly element: HTMLElement;
  show(outcome: Outcome): Promise<void> | undefined;
}

/** @param selection the row that is marked; the arrow keys and the mouse move it */
export function tableView(
  ask: (run: number, start: number, count: number) => Promise<Rows>,
  selection: Selection,
): TableView {
  const window = new RowWindow(rowHeight);
  let run = 0;
  let shape: readonly number[] = [];
  let columns: readonly Column[] = [];
  let rows: Rows = { start: 0, columns: [] };
  let digits = 7;
  let shown: Table | undefined;
  let offered = '';

  const head = h('tr', { 'aria-rowindex': '1' });
  const body = h('tbody');
  const table = h('table', {}, h('thead', {}, head), body);
  const sheet = h('div', { class: 'sheet' }, table);
  const spacer = h('div', { class: 'spacer' });
  const frame = h(
    'div',
    {
      class: 'rows',
      role: 'region',
      'aria-label': t('Elements, choose one with the arrow keys'),
      tabindex: '0',
    },
    sheet,
    spacer,
  );
  const caption = h('p', { class: 'table-caption' });
  const shortcuts = h('div', { class: 'shortcuts' });
  const element = h('div', { class: 'table' }, h('div', { class: 'table-bar' }, caption, shortcuts), frame);

  const count = (): number => (rows.columns.length ? rows.columns[0]!.length / columns[0]!.shown : 0);
  const here = (row: number): boolean => row >= rows.start && row < rows.start + count();

  const fetchRows = latest<{ run: number; start: number }>(async (wanted) => {
    if (wanted.run !== run) return;
    try {
      const fetched = await ask(wanted.run, wanted.start, page);
      if (wanted.run === run) {
        rows = fetched;
        draw();
      }
    } catch {
      // The evaluation was replaced, and its outcome brings rows of its own.
    }
  });

  /** @returns what is not here and was asked for */
  const draw = (): Promise<void> | undefined => {
    const end = Math.min(window.total, window.top + window.visible);
    const lines: HTMLElement[] = [];
    for (let row = window.top; row < end; row++) {
      lines.push(
        line(row, here(row) ? rows : undefined, { shape, columns, digits, marked: row === selection.row }),
      );
    }
    body.replaceChildren(...lines);
    if (end > window.top && !(here(window.top) && here(end - 1))) {
      const start = Math.max(0, Math.min(window.top - (page - window.visible) / 2, window.total - page));
      return fetchRows({ run, start: Math.floor(start) });
    }
    return undefined;
  };
  const move = (row: number): Promise<void> | undefined => {
    window.moveTo(row);
    frame.scrollTop = window.offset;
    return draw();
  };
  /** Scrolls as little as brings the row into view. */
  const bring = (row: number): void => {
    const below = row - (window.top + window.visible - 1);
    if (row < window.top) void move(row);
    else if (below > 0) void move(window.top + below);
    else void draw();
  };
  const inView = (row: number): boolean => row >= window.top && row < window.top + window.visible;
  const centre = (row: number): Promise<void> | undefined => move(row - Math.floor(window.visible / 2));
  selection.onChange((row) => {
    if (row !== undefined && row < window.total) bring(row);
    else draw();
  });

  /** As tall as the rows, the borders and, where the table is wider than the panel, its scrollbar. */
  const setHeight = (): void => {
    const rim = frame.offsetHeight - frame.clientHeight;
    frame.style.height = `${(window.visible + 1) * rowHeight + rim}px`;
  };

  frame.addEventListener('scroll', () => {
    // Where one pixel stands for many rows, the place that `move` chose must not be read back coarser.
    if (Math.abs(frame.scrollTop - window.offset) < 1) return;
    window.scrolled(frame.scrollTop);
    draw();
  });
  frame.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || event.deltaY === 0 || window.last === 0) return;
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / rowHeight;
      const step = Math.sign(lines) * Math.max(1, Math.round(Math.abs(lines)));
      const before = window.top;
      move(window.top + step);
      if (window.top !== before) event.preventDefault();
    },
    { passive: false },
  );
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = keyTarget(event.key, window, selection.row);
    if (target === undefined) return;
    event.preventDefault();
    selection.choose(Math.min(window.total - 1, Math.max(0, target)));
  });
  body.addEventListener('click', ({ target }) => {
    const row = (target as Element).closest('tr')?.getAttribute('aria-rowindex');
    if (row) selection.choose(Number(row) - 2);
  });

  const reveal = (row: number): void => {
    selection.choose(row);
    centre(row);
    frame.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest' });
  };

  /** Built anew where there are others: a field that is being typed into stays. */
  const offerShortcuts = (): void => {
    const { shape, largest, firstNonFinite } = shown!;
    const key = JSON.stringify([shape, largest === undefined, firstNonFinite === undefined]);
    if (key === offered) return;
    offered = key;
    shortcuts.replaceChildren(...shortcutsOf(() => shown!, window, reveal));
  };

  new ResizeObserver(([entry]) => {
    const wanted = entry!.contentRect.width < narrow ? 4 : 7;
    if (wanted !== digits) {
      digits = wanted;
      draw();
    }
    setHeight();
  }).observe(element);

  return {
    element,
    show(outcome) {
      const renewed = !sameTable(outcome.table, shape, columns);
      ({ run, rows } = outcome);
      ({ shape, columns } = outcome.table);
      window.total = shape.reduce((product, extent) => product * extent, 1);
      window.visible = Math.min(mostVisible, Math.max(1, window.total));
      if (renewed) {
        window.moveTo(0);
        head.replaceChildren(...headings(columns));
        table.setAttribute('aria-rowcount', String(window.total + 1));
        // One more for the heading.
        sheet.style.height = `${(window.visible + 1) * rowHeight}px`;
        spacer.style.height = `${window.height - window.visible * rowHeight}px`;
      }
      caption.textContent = elementsText(window.total);
      shown = outcome.table;
      offerShortcuts();
      const { row } = selection;
      const isElsewhere = row !== undefined && row < window.total && !inView(row);
      const asked = isElsewhere ? centre(row) : renewed ? move(window.top) : draw();
      if (renewed) setHeight();
      return asked;
    },
  };
}

function keyTarget(
  key: string,
  { top, visible, total }: RowWindow,
  chosen: number | undefined,
): number | undefined {
  const from = chosen ?? top - 1;
  const targets: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + visible,
    PageUp: from - visible,
    Home: 0,
    End: total - 1,
  };
  return targets[key];
}

function shortcutsOf(table: () => Table, window: RowWindow, reveal: (row: number) => void): HTMLElement[] {
  const { largest, firstNonFinite } = table();
  const shortcuts: HTMLElement[] = [];
  if (firstNonFinite !== undefined) {
    shortcuts.push(
      linkButton({ label: t('First non-finite'), onPress: () => reveal(table().firstNonFinite!) }),
    );
  }
  if (largest !== undefined && window.total > 1) {
    shortcuts.push(linkButton({ label: t('Largest loss'), onPress: () => reveal(table().largest!) }));
  }
  if (window.total > window.visible) {
    const onEnter = (text: string): boolean => {
      const row = rowOf(text, table().shape);
      if (row !== undefined) reveal(row);
      return row !== undefined;
    };
    shortcuts.push(entryControl({ label: t('Go to index'), placeholder: t('Go to index'), onEnter }));
  }
  return shortcuts;
}

function headings(columns: readonly Column[]): HTMLElement[] {
  return [
    h('th', { scope: 'col', class: 'cell-index' }, t('index')),
    ...columns.map(({ label, role, extent, dtype }) =>
      h(
        'th',
        { scope: 'col', class: `cell-${role}`, title: extent > 1 ? `${extent} × ${dtype}` : dtype },
        label,
      ),
    ),
  ];
}

function line(
  row: number,
  rows: Rows | undefined,
  {
    shape,
    columns,
    digits,
    marked,
  }: { shape: readonly number[]; columns: readonly Column[]; digits: number; marked: boolean },
): HTMLElement {
  const cells = columns.map((column, position) => {
    if (!rows) return h('td', { class: `cell-${column.role} cell-waiting` }, '…');
    return cell(column, rows.columns[position]!, (row - rows.start) * column.shown, digits);
  });
  const attributes = {
    'aria-rowindex': String(row + 2),
    'aria-current': marked ? 'true' : undefined,
    class: marked ? 'marked' : undefined,
  };
  return h('tr', attributes, h('th', { scope: 'row', class: 'cell-index' }, indexOf(row, shape)), ...cells);
}

function cell(
  { role, dtype, extent, shown }: Column,
  data: TypedArray,
  at: number,
  digits: number,
): HTMLElement {
  if (extent === 1) {
    const value = data[at]!;
    const finite = Number.isFinite(Number(value));
    const text = short(value, dtype, digits);
    const title = text === exact(value, dtype) ? undefined : exact(value, dtype);
    return h('td', { class: `cell-${role}${finite ? '' : ' cell-nonfinite'}`, title }, text);
  }
  const numbers = Array.from<number | bigint>(data.slice(at, at + shown)).map((value) =>
    short(value, dtype, Math.min(3, digits - 2)),
  );
  if (extent > shown) numbers.push(`… ${grouped(extent)}`);
  return h('td', { class: `cell-${role}` }, `[${numbers.join(', ')}]`);
}

function sameTable(table: Table, shape: readonly number[], columns: readonly Column[]): boolean {
  return JSON.stringify([table.shape, table.columns]) === JSON.stringify([shape, columns]);
}
