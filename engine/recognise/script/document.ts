/** The grammars of JavaScript and TypeScript, with JSX where a file may hold it. */
import { parser } from '@lezer/javascript';
import { SourceDocument, withoutData } from '../document.ts';

/** By VS Code's language ids. In `.ts` alone `<T>x` is a cast, and there is no JSX. */
const dialects: Readonly<Record<string, string>> = {
  javascript: 'jsx',
  javascriptreact: 'jsx',
  typescript: 'ts',
  typescriptreact: 'ts jsx',
};

export const scriptLanguages: readonly string[] = Object.keys(dialects);

export class ScriptDocument extends SourceDocument {
  /** @param languageId  one of `scriptLanguages` */
  constructor(text: string, languageId: string) {
    super(text, languageId, {
      parser: parser.configure({ dialect: dialects[languageId]! }),
      parseable: withoutData,
      parts: () => [{ start: 0 }],
    });
  }
}
