/** What a hover says of a loss, as parts that the shell appends one by one: no `vscode` here, so that plain tests can read it. */

import { t } from '@vscode/l10n';
import type {
  ArgumentInfo,
  ExplainedSymbol,
  Framework,
  KnownSymbol,
  SymbolInfo,
  VersionFact,
} from '../../engine/catalogue.ts';
import type { ParameterValue } from '../../engine/evaluation.ts';
import { python } from '../../engine/frameworks/symbol.ts';
import type { RecognisedLoss } from '../../engine/index.ts';
import { translated } from '../../engine/words.ts';
import { frameworkNames } from '../frameworks.ts';
import type { Page, Picture } from '../pages.ts';
import { image, type Theme } from './theme.ts';

/** `markdown` is ours, HTML images included; `text` may come from a file and is never read as Markdown. */
export interface Part {
  readonly kind: 'markdown' | 'text' | 'python' | 'typescript';
  readonly value: string;
}

/** What the source sets: a value, or the text where that is only known at run time, or is an array. */
export type Setting = { readonly name: string } & (
  | { readonly value: ParameterValue }
  | { readonly text: string }
);

export interface Hovered {
  readonly loss: Pick<RecognisedLoss, 'kind' | 'context' | 'alternatives'>;
  readonly curve: Picture | undefined;
  readonly settings: readonly Setting[];
  /** Command URIs. */
  readonly links: { readonly evaluate: string; readonly insert: string; readonly reference: string };
  /** What is explained need not be a loss of the catalogue; the user's own, declared by a comment, is no symbol. */
  readonly subject:
    | { readonly symbol: SymbolInfo | undefined; readonly page: Page }
    | { readonly symbol: ExplainedSymbol };
  /** The symbol's own, or that of the page. */
  readonly formula: Picture | undefined;
}

/**
 * The curve stands to the right of everything else: a hover first shows no more than 250 pixels of its height, and
 * formula, signature and curve should all be among them.
 */
export function describe(hovered: Hovered, theme: Theme): readonly Part[] {
  const { loss, subject, formula, curve, settings, links } = hovered;
  const { symbol } = subject;
  const isBound = 'page' in subject;
  const title = isBound ? translated(subject.page.title) : lastName(subject.symbol.name);
  const summary = translated(isBound ? subject.page.summary : subject.symbol.summary);
  const actions = isBound
    ? ` \u2002${link(t('Evaluate…'), links.evaluate, t('Evaluate it on arrays'))}` +
      ` \u2002${link(t('Insert snippet'), links.insert, t('A training step with it, below this statement'))}`
    : ` \u2002_${t('explained, not evaluated')}_`;
  const parts: Part[] = [
    markdown(
      `**${title}**${actions} \u2002${link(t('Open page'), links.reference, t('Formula, conventions and pitfalls'))}`,
    ),
    ...(curve ? [markdown(image(curve, theme, 'right'))] : []),
    markdown(
      `\n\n${summary}\n\n${formula ? `${image({ ...formula, alternative: translated(formula.alternative) }, theme)}\n\n` : ''}`,
    ),
  ];
  if (symbol) {
    const kind = symbol.framework === 'tfjs' ? 'typescript' : 'python';
    parts.push({ kind, value: signature(symbol, loss.context) });
  }
  if (settings.length > 0) parts.push(...set(settings, symbol));
  const notes: string[] = [];
  if (loss.alternatives) {
    notes.push(
      t`May also be ${loss.alternatives.map((name) => `\`${name}\``).join(t(' or '))} when the program runs.`,
    );
  }
  if (loss.context === 'compile') notes.push(t('`compile` averages it over the whole batch.'));
  if (symbol) notes.push(...notesOn(symbol));
  else if (isBound) {
    notes.push(
      t`Declared by the comment \`# loss: ${subject.page.id}\`: this is that loss's formula, and your code was not compared with it.`,
    );
  }
  parts.push(markdown(notes.map((note) => `- ${note}\n`).join('')));
  return parts;
}

/** Why it is not evaluated, what people trip over, and what depends on the library's version. */
export function notesOn(symbol: KnownSymbol): readonly string[] {
  return [
    ...(isExplained(symbol) ? [t`It cannot be evaluated here: ${translated(symbol.refusal)}.`] : []),
    ...symbol.caveats.map((caveat) => translated(caveat)),
    ...(symbol.versions ?? []).map((fact) => `${range(symbol.framework, fact)}: ${translated(fact.text)}`),
  ];
}

export const isExplained = (symbol: KnownSymbol): symbol is ExplainedSymbol => 'refusal' in symbol;

export const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function range(framework: Framework, { since, before }: VersionFact): string {
  const name = frameworkNames[framework];
  if (before === undefined) return t`${name} ${since ?? ''} and later`;
  return since === undefined ? t`${name} before ${before}` : t`${name} ${since} to before ${before}`;
}

/** As it is called, defaults included; for a class the constructor and then the call of the instance. */
export function signature(
  { name, framework, paths, constructorArguments, callArguments }: KnownSymbol,
  context?: 'compile',
): string {
  if (framework === 'tfjs') {
    // `tf.layers.hinge` is our name for a string; some of these functions are exported as metrics.
    const [exported = name] = paths.filter((path) => !path.startsWith('tf.layers.'));
    const called = `${exported}(${list(callArguments)})`;
    return context || exported.startsWith('tf.layers.')
      ? `model.compile({ loss: '${name.slice(name.lastIndexOf('.') + 1)}' }) // (${list(callArguments)})`
      : called;
  }
  const made = constructorArguments ? `${name}(${list(constructorArguments)})` : name;
  return `${made}(${list(callArguments)})`;
}

function list(args: readonly ArgumentInfo[]): string {
  const firstKeyword = args.findIndex((argument) => argument.keywordOnly);
  const words = args.map(({ name, default: standard }) =>
    standard === undefined ? name : `${name}=${standard}`,
  );
  if (firstKeyword >= 0) words.splice(firstKeyword, 0, '*');
  return words.join(', ');
}

/** A value as JavaScript writes it. */
function script(value: ParameterValue): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** Longer texts of a file say where something comes from, not what it is. */
const longest = 40;

/** What this very call sets, beside what it would have been; what is deprecated is said to be. */
function set(settings: readonly Setting[], symbol: KnownSymbol | undefined): Part[] {
  const write = symbol?.framework === 'tfjs' ? script : python;
  const takes = [...(symbol?.constructorArguments ?? []), ...(symbol?.callArguments ?? [])];
  const parts = settings.flatMap((setting, i): Part[] => {
    const { name } = setting;
    const standard = takes.find((argument) => argument.name === name)?.default;
    const value = 'text' in setting ? shortened(setting.text) : write(setting.value);
    const parameters = symbol && !isExplained(symbol) ? symbol.parameters : [];
    const { description = '' } = parameters.find((parameter) => parameter.name === name) ?? {};
    const warning = description.startsWith('deprecated') ? ` **${translated(description)}**` : '';
    return [
      ...(i > 0 ? [markdown(', ')] : []),
      text(`${name}=${value}`),
      ...(standard === undefined ? [] : beside(value, standard)),
      markdown(warning),
    ];
  });
  return [markdown(`${t('Set here:')} `), ...parts, markdown('\n\n')];
}

function beside(value: string, standard: string): Part[] {
  const isSame = value === standard || (value !== '' && Number(value) === Number(standard));
  return isSame
    ? [markdown(` (${t('the default')})`)]
    : [markdown(` (${t('default')} `), text(standard), markdown(')')];
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

function link(label: string, target: string, title: string): string {
  return `[${label}](${target} "${title}")`;
}

function markdown(value: string): Part {
  return { kind: 'markdown', value };
}

function text(value: string): Part {
  return { kind: 'text', value };
}
