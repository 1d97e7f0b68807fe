/** What catalogue, bindings and pages say as data, which is looked up by `translated` (engine/words.ts) where it is shown. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { explainedSymbols, losses, symbols } from '../../engine/index.ts';
import { reductionInfo } from '../../engine/presentation/subject.ts';
import { meanings, rawScores } from '../../engine/snippets/step.ts';
import { readPage } from '../../extension/formula/page.ts';
import { wordsIn } from '../../extension/formula/words.ts';
import { render } from '../../extension/reference/render.ts';

const pages = path.resolve(import.meta.dirname, '../../engine');

/** Each once, none empty. */
export function facts(): readonly string[] {
  const known = [...symbols, ...explainedSymbols];
  const all = [
    ...losses.map(({ title }) => title),
    ...[...losses, ...symbols].flatMap(({ inputs, parameters }) => [...inputs, ...parameters].map(described)),
    described(reductionInfo),
    ...known.flatMap(({ caveats, versions = [] }) => [...caveats, ...versions.map(({ text }) => text)]),
    ...explainedSymbols.flatMap(({ summary, refusal, formula }) => [
      summary,
      refusal,
      formula?.alternative ?? '',
    ]),
    ...Object.values(meanings),
    ...Object.values(rawScores),
    ...losses.flatMap(({ family, id }) => {
      const { title, summary, alternative } = readPage(id, textOf(`losses/${family}/${id}.md`));
      return [title, summary, alternative];
    }),
    ...globSync('{losses,messages,checks}/**/*.md', { cwd: pages }).flatMap((file) => {
      const markdown = textOf(file);
      return [render(file, markdown, () => '').title, ...wordsIn(markdown)];
    }),
  ];
  return [...new Set(all)].filter((fact) => fact !== '');
}

const described = ({ description }: { readonly description: string }): string => description;

const textOf = (file: string): string => readFileSync(path.join(pages, file), 'utf8');
