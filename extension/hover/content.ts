/** What a hover says of a loss, as parts that the shell appends one by one: no `vscode` here, so that plain tests can read it. */
import type { ArgumentInfo, SymbolInfo } from '../../engine/catalogue.ts';
import type { Page, Picture } from '../pages.ts';
import { image, type Theme } from './theme.ts';

/** `markdown` is ours, HTML images included; `text` comes from a file and is never read as Markdown; `python` is shown as code. */
export interface Part {
  readonly kind: 'markdown' | 'text' | 'python';
  readonly value: string;
}

/** One Markdown string each. */
export type Section = readonly Part[];

export interface Hovered {
  readonly symbol: SymbolInfo;
  readonly page: Page;
  readonly curve: Picture | undefined;
  /** What the source at hand sets, as it writes it. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** Command URIs. */
  readonly links: { readonly evaluate: string; readonly reference: string };
}

/** Longer than the editor's own limit for a hover's image would ever need, and well under where it cuts Markdown off. */
export const largestSection = 60_000;

export function describe(hovered: Hovered, theme: Theme): readonly Section[] {
  const { symbol, page, curve, settings, links } = hovered;
  const opening: Part[] = [
    markdown(
      `**${page.title}** \u2002 [Evaluate…](${links.evaluate} "Evaluate this loss on arrays") · ` +
        `[Open page](${links.reference} "The whole reference page")\n\n${page.summary}\n\n`,
    ),
    markdown(`${image(page.formula, theme)}\n\n`),
    { kind: 'python', value: signature(symbol) },
    ...setHere(settings),
    ...symbol.caveats.map((caveat) => markdown(`- ${caveat}\n`)),
  ];
  return curve ? [opening, [markdown(image(curve, theme))]] : [opening];
}

/** As it is called, defaults included: the constructor and the instance's call for a class, the call for a function. */
export function signature({ name, constructorArguments, callArguments }: SymbolInfo): string {
  const made = constructorArguments ? `${name}(${list(constructorArguments)})` : name;
  return `${made}(${list(callArguments)})`;
}

function list(args: readonly ArgumentInfo[]): string {
  const written: string[] = [];
  let keywordOnly = false;
  for (const argument of args) {
    if (argument.keywordOnly && !keywordOnly) {
      keywordOnly = true;
      written.push('*');
    }
    written.push(argument.default === undefined ? argument.name : `${argument.name}=${argument.default}`);
  }
  return written.join(', ');
}

function setHere(settings: Hovered['settings']): Part[] {
  if (settings.length === 0) return [];
  return [
    markdown('Set here: '),
    { kind: 'text', value: settings.map(({ name, value }) => `${name}=${value}`).join(', ') },
    markdown('\n\n'),
  ];
}

function markdown(value: string): Part {
  return { kind: 'markdown', value };
}
