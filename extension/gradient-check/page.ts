/** The page that shows what a check came to: a document without scripts. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { nonce } from '../bytes.ts';
import { titleOf } from '../catalogue.ts';
import { language } from '../language.ts';
import { baseName } from '../paths.ts';
import { escaped } from '../reference/html.ts';
import type { Compared } from './catalogue.ts';
import type { UserLoss } from './subject.ts';
import { type Checked, counted, type MeasuredInput, type Row, rowsOf, type Verdict } from './verdict.ts';

export interface Result {
  readonly loss: UserLoss;
  readonly document: vscode.TextDocument;
  readonly checked: Checked;
  readonly against?: Compared;
}

let panel: vscode.WebviewPanel | undefined;

/** In the one panel for it, beside the notebook. */
export function showResult(context: vscode.ExtensionContext, result: Result): void {
  if (!panel) {
    panel = vscode.window.createWebviewPanel('lossLens.gradientCheck', '', {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
    panel.webview.options = { enableScripts: false, localResourceRoots: [] };
    panel.onDidDispose(() => {
      panel = undefined;
    });
    context.subscriptions.push(panel);
  }
  panel.title = t`Gradient of ${result.loss.name}`;
  panel.webview.html = pageHtml(result, nonce());
  panel.reveal(undefined, true);
}

/** A pure function of the result. */
function pageHtml({ loss, document, checked, against }: Result, nonce: string): string {
  const parts = checked.inputs.map((input) => inputHtml(input, checked, against));
  const place = t`${baseName(document.uri.path)}, line ${loss.line + 1} of its cell`;
  const { library, dtype } = checked;
  const computed = t`${library}, computed in ${dtype}`;
  const name = escaped(loss.name);
  return `<!DOCTYPE html>
<html lang="${language()}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${t`Gradient of ${name}`}</title>
    <style nonce="${nonce}">${style}</style>
  </head>
  <body>
    <main>
      <h1>${t`Gradient of ${`<code>${name}</code>`}`}</h1>
      <p class="muted">${escaped(place)} · ${escaped(computed)}</p>
      ${valueHtml(checked, against)}
      ${parts.join('\n')}
      <p class="muted">${t('Finite differences are central, with two steps; their disagreement says how far to trust them. At a kink every slope between its two sides is a gradient.')} ${
        checked.shape.length > 0 ? t('Gradients are those of the sum of the result.') : ''
      }</p>
    </main>
  </body>
</html>`;
}

function valueHtml(checked: Checked, against: Compared | undefined): string {
  const shape =
    checked.shape.length > 0
      ? ` <span class="muted">${t`sum over ${`[${checked.shape.join(', ')}]`}`}</span>`
      : '';
  const value = `<p class="value">${shown(checked.value)}${shape}</p>`;
  if (!against) return `<h2>${t('Value')}</h2>${value}`;
  const name = escaped(titleOf(against.loss));
  const reduction = `<code>${escaped(against.reduction)}</code>`;
  const same = against.isDefault
    ? t`The value of ${name}.`
    : t`The value of ${name} with reduction ${reduction}.`;
  const verdict = against.agrees
    ? `${mark('agrees')} ${same}`
    : `${mark('differs')} ${t`${name} is ${shown(against.value)} here, under none of its reductions ${shown(checked.value)}.`}`;
  return `<h2>${t('Value')}</h2>${value}<p>${verdict}</p>`;
}

const order: readonly Verdict[] = ['differs', 'unsure', 'outside', 'kink', 'agrees'];

function inputHtml(input: MeasuredInput, checked: Checked, against: Compared | undefined): string {
  const rows = rowsOf(input, checked.dtype, against?.gradients.get(input.name));
  const total = input.shape.reduce((product, extent) => product * extent, 1);
  const code = `<code>${escaped(input.name)}</code>`;
  const sentences = [
    ...(input.unused && rows.some(({ difference }) => difference !== undefined && difference !== 0)
      ? [
          `${mark('differs')} ${t`No gradient reaches ${code}, yet the value depends on it: something on the way detaches it.`}`,
        ]
      : []),
    summary(rows, 'verdict', t('Autograd'), t('finite differences'), checked),
    summary(
      rows,
      'catalogueVerdict',
      rows[0]?.autograd === undefined ? t('Finite differences') : t('Autograd'),
      against ? titleOf(against.loss) : '',
      checked,
    ),
  ].filter((sentence) => sentence !== '');
  const sorted = [...rows].sort((one, other) => rank(one) - rank(other) || one.flat - other.flat);
  const note =
    rows.length < total ? ` <span class="muted">${t`${rows.length} of ${total} elements`}</span>` : '';
  return `<h2>${t`By ${code}`} [${input.shape.join(', ')}]${note}</h2>
      ${sentences.map((sentence) => `<p>${sentence}</p>`).join('\n      ')}
      ${tableHtml(input.name, sorted, against)}`;
}

const rank = ({ verdict, catalogueVerdict }: Row): number =>
  Math.min(...[verdict, catalogueVerdict].map((each) => (each ? order.indexOf(each) : order.length)));

function summary(
  rows: readonly Row[],
  key: 'verdict' | 'catalogueVerdict',
  ours: string,
  theirs: string,
  { library }: Checked,
): string {
  const judged = rows.filter((row) => row[key]);
  if (judged.length === 0) {
    return key === 'verdict'
      ? t`${escaped(library)} has no autograd: only finite differences are shown.`
      : '';
  }
  const counts = counted(judged.map((row) => row[key]));
  const others = [
    counts.kink > 0 ? t`${counts.kink} at kinks, where they may` : '',
    counts.unsure > 0 ? t`${counts.unsure} that differences cannot tell` : '',
    counts.outside > 0 ? t`${counts.outside} without differences` : '',
  ].filter((part) => part !== '');
  const rest = others.length > 0 ? ` (${others.join(', ')})` : '';
  if (counts.differs > 0) {
    return `${mark('differs')} ${t`${ours} and ${escaped(theirs)} differ at ${counts.differs} of ${judged.length} elements${rest}.`}`;
  }
  const sure = counts.agrees + counts.kink;
  return `${mark(sure > 0 ? 'agrees' : 'unsure')} ${t`${ours} and ${escaped(theirs)} agree at ${sure} of ${judged.length} elements${rest}.`}`;
}

function tableHtml(name: string, rows: readonly Row[], against: Compared | undefined): string {
  const autograd = rows.some((row) => row.autograd !== undefined);
  const heads = [
    t('Index'),
    t('Verdict'),
    escaped(name),
    ...(autograd ? [t('Autograd')] : []),
    ...(against ? [escaped(shortened(titleOf(against.loss)))] : []),
    t('Finite difference'),
    '±',
  ];
  const body = rows.map((row) => {
    const cells = [
      shown(row.at),
      ...(autograd ? [shown(row.autograd)] : []),
      ...(against ? [shown(row.catalogue)] : []),
      row.left === undefined ? shown(row.difference) : `${shown(row.left)} | ${shown(row.right)}`,
      row.error === undefined ? '' : row.error.toExponential(0),
    ];
    const worst = order[Math.min(rank(row), order.length - 1)]!;
    const word = row.verdict || row.catalogueVerdict ? verdictText(row, worst) : '';
    const numbers = cells.map((cell) => `<td>${cell}</td>`).join('');
    return `<tr class="${worst}"><th scope="row">[${row.index.join(', ')}]</th><td class="verdict">${word}</td>${numbers}</tr>`;
  });
  const caption = t`Gradient by ${escaped(name)}, element by element`;
  return `<div class="table" role="region" aria-label="${caption}" tabindex="0"><table>
      <thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
      <tbody>${body.join('\n')}</tbody></table></div>`;
}

/** The last name of a symbol. */
const shortened = (title: string): string =>
  /\s/.test(title) ? title : title.slice(title.lastIndexOf('.') + 1);

const words = (): Readonly<Record<Verdict, string>> => ({
  differs: t('differs'),
  unsure: t('cannot tell'),
  outside: t('no difference'),
  kink: t('kink'),
  agrees: t('agrees'),
});

function verdictText({ outside }: Row, verdict: Verdict): string {
  return `${mark(verdict)} ${words()[verdict]}${outside === undefined ? '' : `: ${escaped(outside)}`}`;
}

const mark = (verdict: Verdict): string =>
  `<span class="mark ${verdict}" aria-hidden="true">${verdict === 'differs' ? '✗' : verdict === 'agrees' || verdict === 'kink' ? '✓' : '?'}</span>`;

const shown = (value: number | undefined): string =>
  value === undefined
    ? ''
    : Number.isFinite(value)
      ? String(Number(value.toPrecision(7)))
      : String(value).replace('Infinity', '∞');

const style = `
body { background: var(--vscode-editor-background); padding: 20px 24px; line-height: 1.5; }
main { max-width: 1180px; margin: 0 auto; }
h1 { font-size: 1.5em; font-weight: 600; margin: 0; }
h2 { font-size: 1em; font-weight: 600; margin: 24px 0 8px; }
p { margin: 4px 0; }
code, td, tbody th, .value { font-family: var(--vscode-editor-font-family, monospace); }
.value { font-size: 1.8em; margin: 0; }
.value .muted { font-size: 0.55em; }
.muted { color: var(--vscode-descriptionForeground); }
.table { overflow-x: auto; margin: 12px 0; }
.table:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
table { border-collapse: collapse; }
th, td { text-align: end; padding: 2px 12px 2px 0; font-weight: normal; font-variant-numeric: tabular-nums; white-space: nowrap; }
th:first-child, td.verdict, thead th:nth-child(2) { text-align: start; }
td.verdict { font-family: inherit; }
thead th { color: var(--vscode-descriptionForeground); border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
tr.differs td, tr.differs th { font-weight: 600; }
.mark { display: inline-block; width: 1.2em; }
.mark.differs { color: var(--vscode-errorForeground); }
.mark.agrees, .mark.kink { color: var(--vscode-charts-green); }
.mark.unsure, .mark.outside { color: var(--vscode-charts-yellow); }
.vscode-high-contrast .muted, .vscode-high-contrast thead th, .vscode-high-contrast .mark { color: var(--vscode-foreground); }
`;
