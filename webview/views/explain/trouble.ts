/** Where NaN, infinities and lost gradients begin. */
import { t } from '@vscode/l10n';
import type { Trouble } from '../../../extension/panel/protocol.ts';
import { linkButton } from '../../controls/index.ts';
import { type Child, h } from '../../dom.ts';
import { short } from '../../format.ts';
import { linesView } from './lines.ts';

const titles = (): Readonly<Record<Trouble['kind'], string>> => ({
  'not finite': t('The loss is not finite'),
  'gradient not finite': t('The gradient is not finite'),
  'no gradient': t('Elements without a gradient'),
  negative: t('Negative elements'),
});

export function troubleView(troubles: readonly Trouble[], toRow: (row: number) => void): readonly Child[] {
  if (troubles.length === 0)
    return [h('p', {}, t('Loss and gradient are finite throughout; no element is held without a gradient.'))];
  return troubles.map((trouble) => one(trouble, toRow));
}

function one({ kind, sentence, row, beginnings, cure }: Trouble, toRow: (row: number) => void): HTMLElement {
  const serious = kind === 'not finite' || kind === 'gradient not finite';
  return h(
    'div',
    { class: serious ? 'trouble trouble-serious' : 'trouble', 'data-kind': kind },
    h('h3', {}, titles()[kind]),
    h(
      'p',
      {},
      `${sentence} `,
      row !== undefined && linkButton({ label: t('Look at the first'), onPress: () => toRow(row) }),
    ),
    ...beginnings.flatMap(({ lines, inputs }, i) => [
      h(
        'p',
        { class: 'trouble-begins' },
        i === 0 ? beginsAt(kind, inputs) : t('The infinity comes from here:'),
      ),
      lines.length > 0 && linesView(lines, t('Where it begins')),
    ]),
    cure !== undefined && h('p', { class: 'cure' }, h('strong', {}, t('Usual cure.')), ' ', cure),
  );
}

function beginsAt(kind: Trouble['kind'], inputs: Trouble['beginnings'][number]['inputs']): string {
  const where = inputs
    .map(({ name, index, value }) => `${name}[${index.join(', ')}] = ${short(value[0]!, 'float64')}`)
    .join(', ');
  const verb =
    kind === 'negative'
      ? t('The first of them')
      : kind === 'no gradient'
        ? t('It is held here')
        : t('It begins here');
  return where ? t`${verb}, where ${where}:` : `${verb}:`;
}
