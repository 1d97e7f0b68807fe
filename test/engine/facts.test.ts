/** What is data in English is shown in the user's language: of every symbol, in every place without `vscode`. */
import assert from 'node:assert/strict';
import { config } from '@vscode/l10n';
import { curve, explainedSymbols, losses, symbols } from '../../engine/index.ts';
import { stepFor } from '../../engine/snippets/index.ts';
import { arraysOf } from '../../engine/snippets/step.ts';
import { drawCurve } from '../../extension/formula/curve.ts';
import { describe as describeLoss } from '../../extension/hover/content.ts';
import type { Page } from '../../extension/pages.ts';
import { pageView } from '../../extension/reference/view.ts';
import { signatureText } from '../../extension/signature/content.ts';
import { bundle } from '../words/strings.ts';

const german = bundle('de');
const picture = { svg: '<svg/>', width: 1, height: 1 };
const links = { evaluate: '', insert: '', reference: '' };
const name = ({ name }: { readonly name: string }): string => name;

describe('in another language', () => {
  // A word may be part of a German one.
  const left = Object.keys(german).filter(
    (text) => german[text] !== text && /\w \w/.test(text) && !text.includes('{'),
  );
  const englishIn = (text: string): readonly string[] => left.filter((english) => text.includes(english));

  before(() => config({ contents: { ...german } }));
  after(() => config({ contents: {} }));

  it('a hover says title, summary, formula, caveats and versions', () => {
    const summary =
      'The average squared difference between prediction and target. Large errors dominate it: an error ten times as large counts a hundred times as much.';
    const alternative = 'loss = mean of (y − ŷ)²';
    const formula = { ...picture, alternative };
    const page: Page = { id: 'mean-squared-error', title: 'Mean squared error', summary, tex: 'x', formula };
    for (const symbol of [...symbols, ...explainedSymbols]) {
      const subject = 'refusal' in symbol ? { symbol } : { symbol, page };
      const own = 'refusal' in symbol ? symbol.formula && { ...picture, ...symbol.formula } : formula;
      const hovered = {
        loss: { kind: symbol.kind },
        subject,
        formula: own,
        curve: undefined,
        settings: [],
        links,
      };
      const said = describeLoss(hovered, 'dark')
        .filter(({ kind }) => kind === 'markdown')
        .map(({ value }) => value)
        .join('');
      assert.deepEqual(englishIn(said), [], symbol.name);
    }
  });

  it('signatures say what each argument is', () => {
    for (const symbol of symbols) {
      const { texts } = signatureText(symbol, [
        ...(symbol.constructorArguments ?? []),
        ...symbol.callArguments,
      ]);
      assert.deepEqual(
        texts.flatMap(({ documentation }) => englishIn(documentation.replaceAll('\u00a0', ' '))),
        [],
        symbol.name,
      );
    }
  });

  it('the reference explains what it does not evaluate', () => {
    const opening = { id: 'opening', kind: 'guide', title: 'Losses', language: 'en', html: '' } as const;
    const book = { language: 'de', pages: { opening }, guides: [], families: [], messages: [], checks: [] };
    const shown = explainedSymbols.map((symbol) => pageView(book, symbol.name)!);
    assert(shown.length > 100);
    for (const { id, html, above } of shown) {
      assert.deepEqual(
        above.map(({ title }) => title),
        ['Verlustfunktionen'],
      );
      assert.deepEqual(englishIn(html), [], id);
    }
  });

  it('curves have captions and are put into words', () => {
    // Of the others the captions are the same, made by the same few functions.
    for (const each of [...losses.map(({ id }) => id), ...symbols.filter((_, i) => i % 7 === 0).map(name)]) {
      const drawn = drawCurve(curve(each));
      assert.deepEqual(englishIn(drawn.alternative), [], each);
      assert.match(drawn.alternative, /^Verlust und ∂Verlust\/∂\w+ über .* mit Gradient /u, each);
      assert.match(drawn.svg, />Verlust</, each);
      assert.doesNotMatch(drawn.svg, />loss</, each);
    }
  });

  it('snippets say what their arrays hold', () => {
    const said = losses.map(({ id }) => arraysOf(stepFor(id, 'numpy')!).join());
    assert(said.some((line) => line.includes('Klassennummern')));
    assert.deepEqual(said.flatMap(englishIn), []);
  });
});
