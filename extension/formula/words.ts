/** The words between the symbols of a formula, such as “if” and “otherwise”. */

const text = /(?<=\\text\{ *)[^{} ][^{}]*?(?= *\})/g;

export const wordsIn = (tex: string): readonly string[] => tex.match(text) ?? [];

/** The formula with its words said by `say`. */
export const withWords = (tex: string, say: (word: string) => string): string => tex.replaceAll(text, say);
