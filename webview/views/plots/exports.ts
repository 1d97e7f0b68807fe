/** What takes a plot, or the evaluation, out of the panel. */
import { t } from '@vscode/l10n';
import { latexTable, latexValue } from '../../../engine/presentation/latex.ts';
import { columnsOf, csvOf } from '../../../engine/presentation/plots/columns.ts';
import { toFailure } from '../../../engine/presentation/wire.ts';
import type { Figure, Outcome, SavedFormat } from '../../../extension/panel/protocol.ts';
import { linkButton } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { fullMessage } from '../../failure.ts';
import { short } from '../../format.ts';
import { pictureOf, pixelsOf } from '../../plots/picture.ts';
import { isRequestError } from '../../requests.ts';
import type { Stage } from '../view.ts';

/** For who chooses a place in a dialog. */
const anHour = 3_600_000;

/** What is shown at the moment. */
export interface Exported {
  readonly title: string;
  readonly findings: string;
  readonly figures: readonly Figure[];
  /** The part of the page to draw. */
  readonly element: HTMLElement;
}

/**
 * @param shown the plot; undefined while there is none
 * @param outcome the evaluation
 */
export function exportsView(
  { opening, requests, parameters }: Pick<Stage, 'opening' | 'requests' | 'parameters'>,
  shown: () => Exported | undefined,
  outcome: () => Outcome | undefined,
): HTMLElement {
  const told = h('p', { class: 'exports-told', role: 'status' });
  const action = (label: string, title: string, act: () => Promise<string | undefined>): HTMLElement =>
    linkButton({
      label,
      title,
      onPress: async () => {
        told.textContent = '';
        try {
          told.textContent = (await act()) ?? '';
        } catch (error) {
          told.textContent = fullMessage(isRequestError(error) ? error.failure : toFailure(error));
        }
      },
    });
  const plot = (): Exported => {
    const current = shown();
    if (!current) throw new Error(t('there is no plot yet'));
    return current;
  };
  const save = async (format: SavedFormat, bytes: Uint8Array): Promise<string | undefined> => {
    const name = `${opening.title} ${plot().title}`.toLowerCase();
    const { saved } = await requests.ask('save', { name, format, bytes }, anHour);
    return saved && t`Saved as ${saved}.`;
  };
  const copy = async (text: string, what: string): Promise<string> => {
    await requests.ask('copy', { text });
    return t`${what} copied.`;
  };
  const picture = () => {
    const { title, findings, element } = plot();
    return pictureOf(element, `${opening.title}: ${title}`, findings);
  };
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const list = (label: string, ...actions: HTMLElement[]): HTMLElement =>
    h('p', { class: 'exports-line', role: 'group', 'aria-label': label }, h('span', {}, label), ...actions);
  return h(
    'div',
    { class: 'exports' },
    list(
      t('Save plot as'),
      action('SVG', t('Save the plot as a drawing'), async () => save('svg', text(picture().text))),
      action('PNG', t('Save the plot as pixels'), async () => save('png', await pixelsOf(picture()))),
      action('CSV', t('Save the numbers of the plot'), async () =>
        save(
          'csv',
          text(
            plot()
              .figures.map((figure) => csvOf(columnsOf(figure)))
              .join('\r\n'),
          ),
        ),
      ),
    ),
    list(
      t('Copy'),
      action(t('LaTeX table'), t('Copy the numbers of the plot as a LaTeX table'), async () =>
        copy(
          plot()
            .figures.map((figure) => latexTable(figure.caption, columnsOf(figure)))
            .join('\n'),
          t('LaTeX table'),
        ),
      ),
      action(t('LaTeX value'), t('Copy the formula and the value as LaTeX'), async () => {
        const now = outcome();
        if (!now) throw new Error(t('there is no value yet'));
        return copy(latexValue(valued(opening, now, parameters())), t('LaTeX value'));
      }),
      action(t('pytest case'), t('Copy a test that calls the framework on this data'), async () => {
        const { text: code } = await requests.ask('pytest', { parameters: parameters() });
        return copy(code, t('pytest case'));
      }),
    ),
    told,
  );
}

function valued(
  { title, symbol, formula, controls }: Stage['opening'],
  { value, valueShape, dtype, reduction }: Outcome,
  parameters: ReturnType<Stage['parameters']>,
): Parameters<typeof latexValue>[0] {
  const numbers = Array.from<number | bigint, string>(value, (each) => short(each, dtype));
  const total = valueShape.reduce((product, extent) => product * extent, 1);
  return {
    title,
    ...(symbol !== undefined && { symbol }),
    ...(formula && { formula: formula.tex }),
    parameters: controls.flatMap(({ name }) => {
      const own = parameters[name];
      if (own === undefined || name === 'reduction') return [];
      return [[name, own instanceof Float64Array ? String(own[0]) : own === null ? 'None' : String(own)]];
    }),
    value:
      valueShape.length === 0
        ? numbers[0]!
        : `[${numbers.join(', ')}${total > numbers.length ? ', \\dots' : ''}]`,
    reduction,
  };
}
