/** What is known of an evaluation that went row by row: the value, what each part contributed, how large the gradient is. */
import { t } from '@vscode/l10n';
import type { Shown } from '../../extension/streamed/protocol.ts';
import { h } from '../dom.ts';
import { grouped, nonFiniteText, shapeText, short } from '../format.ts';
import { partsPlot } from './plot.ts';

const mostListed = 2000;

export function pageView(shown: Shown): HTMLElement[] {
  return [
    header(shown),
    h(
      'div',
      { class: 'columns columns-full' },
      h(
        'div',
        { class: 'column' },
        section('value', t('Value'), valueView(shown)),
        section('gradient', t('Gradient'), gradientView(shown)),
      ),
      h('div', { class: 'column' }, section('parts', t('Parts'), partsView(shown))),
    ),
    h('footer', { class: 'status' }, ...statusOf(shown).map((part) => h('span', {}, part))),
  ];
}

function header({ title, symbol, inputs }: Shown): HTMLElement {
  return h(
    'header',
    { class: 'header' },
    h('h1', {}, title),
    symbol && h('code', { class: 'symbol' }, symbol),
    h(
      'div',
      { class: 'facts' },
      ...inputs.map(({ name, dtype, shape, from, rowwise }) =>
        h(
          'span',
          { class: 'input' },
          h('span', { class: 'name' }, name),
          ` ${dtype} ${shapeText(shape)} \u2002${from}${rowwise ? t(', row by row') : ''}`,
        ),
      ),
    ),
  );
}

function section(name: string, title: string, ...content: readonly HTMLElement[]): HTMLElement {
  const id = `section-${name}`;
  return h('section', { 'aria-labelledby': id, class: id }, h('h2', { id }, title), ...content);
}

function valueView({ value, dtype, rows, nonFinite, warnings }: Shown): HTMLElement {
  const [number, numerator, denominator] = value as unknown as [number, number, number];
  const notes = warnings.map(({ code, message }) => h('li', { class: 'note', 'data-code': code }, message));
  if (nonFinite.count > 0) {
    const first = nonFinite.first ? ` ${t`The first is at ${`[${nonFinite.first.join(', ')}]`}.`}` : '';
    notes.push(h('li', { class: 'note note-nonfinite' }, `${nonFiniteText(nonFinite.count)}${first}`));
  }
  return h(
    'div',
    { class: 'values' },
    h(
      'output',
      {
        class: `value${Number.isFinite(number) ? '' : ' value-nonfinite'}`,
        'aria-label': t('Loss value'),
        title: String(number),
      },
      short(number, dtype),
    ),
    h(
      'p',
      { class: 'derivation' },
      denominator === 1
        ? ''
        : h(
            'span',
            {
              class: 'quotient',
              role: 'img',
              'aria-label': t`${short(numerator, dtype)} divided by ${short(denominator, dtype)}`,
            },
            `= ${short(numerator, dtype)} ÷ ${short(denominator, dtype)}`,
          ),
      h('span', { class: 'reduction' }, t`over ${grouped(rows)} rows`),
    ),
    notes.length > 0 && h('ul', { class: 'notes', 'aria-label': t('Warnings') }, ...notes),
  );
}

function gradientView({ gradients, withoutGradient }: Shown): HTMLElement {
  const lines = gradients.map(({ by, size }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, by),
      h('td', {}, short(size[0]!, 'float64', 7)),
      h('td', {}, short(size[1]!, 'float64', 7)),
    ),
  );
  return h(
    'div',
    {},
    lines.length > 0 &&
      h(
        'table',
        { class: 'summary' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, t('by')),
            h('th', { scope: 'col' }, t('largest |entry|')),
            h('th', { scope: 'col' }, t('norm')),
          ),
        ),
        h('tbody', {}, ...lines),
      ),
    withoutGradient.length > 0 &&
      h(
        'p',
        { class: 'table-caption' },
        t`Not known of ${withoutGradient.join(', ')}: it depends on the totals, so the files would have to be read twice.`,
      ),
    lines.length === 0 &&
      withoutGradient.length === 0 &&
      h('p', { class: 'table-caption' }, t('No input sends one back.')),
  );
}

function partsView({ parts, dtype, value }: Shown): HTMLElement {
  const count = parts.start.length;
  const lines = Array.from({ length: Math.min(count, mostListed) }, (_, i) => {
    const start = parts.start[i]!;
    const loss = parts.value[i]!;
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, `${grouped(start)} – ${grouped(start + parts.rows[i]! - 1)}`),
      h('td', { class: Number.isFinite(loss) ? undefined : 'cell-nonfinite' }, short(loss, dtype)),
    );
  });
  const caption =
    count > mostListed
      ? t`The first ${grouped(mostListed)} of ${grouped(count)} parts`
      : count === 1
        ? t('1 part')
        : t`${grouped(count)} parts`;
  return h(
    'div',
    {},
    partsPlot(parts, value[0]!, dtype),
    h('p', { class: 'table-caption' }, caption),
    h(
      'div',
      { class: 'parts', role: 'region', 'aria-label': t('Loss of each part'), tabindex: '0' },
      h(
        'table',
        { class: 'summary' },
        h(
          'thead',
          {},
          h('tr', {}, h('th', { scope: 'col' }, t('rows')), h('th', { scope: 'col' }, t('their loss alone'))),
        ),
        h('tbody', {}, ...lines),
      ),
    ),
  );
}

function statusOf({ backend, dtype, time, bytes }: Shown): string[] {
  const seconds = time / 1000;
  const speed = bytes / 1e6 / Math.max(seconds, 1e-9);
  return [
    backend,
    dtype,
    seconds < 10 ? `${seconds.toPrecision(2)} s` : `${Math.round(seconds)} s`,
    `${grouped(Math.round(speed))} MB/s`,
  ];
}

/** What survives a reload of the window: JSON has neither NaN nor typed arrays. */
export function toKeep(shown: Shown): string {
  return JSON.stringify(shown, (_, value: unknown) =>
    value instanceof Float64Array ? { numbers: Array.from(value, String) } : value,
  );
}

/** @throws Error where nothing was kept. */
export function kept(state: unknown): Shown {
  if (typeof state !== 'string')
    throw new Error(t('Nothing was kept of this evaluation. Evaluate the loss again.'));
  try {
    return JSON.parse(state, (_, value: unknown) =>
      typeof value === 'object' && value !== null && 'numbers' in value
        ? Float64Array.from(value.numbers as string[], Number)
        : value,
    ) as Shown;
  } catch {
    throw new Error(t('What was kept of this evaluation cannot be read. Evaluate the loss again.'));
  }
}
