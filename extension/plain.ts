/**
 * What a file, a notebook or a program calls its arrays is shown as it stands where VS Code reads marks in words: a mark of
 * no width keeps apart what would become a link, a picture or an icon. Whoever copies the words copies it along, so it
 * stands only where it is needed.
 */
const apart = (text: string, marks: RegExp): string => text.replaceAll(marks, '$&\u2060');

/** Words for notifications and around input fields, which have links of `[…](…)`, to commands as well, and icons of `$(…)`. */
export const plain = (text: string): string => apart(text, /\](?=\()|\$(?=\()/g);

/** Words for lists of choices, which have, where the mouse rests, all of Markdown: addresses become links of themselves. */
export const plainInList = (text: string): string =>
  apart(text, /\](?=[[(:])|\$(?=\()|:(?=\/\/)|\bwww(?=\.)|@(?=\w)/gi);
