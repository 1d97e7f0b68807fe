/**
 * Words for what VS Code reads marks in: links of `[…](…)`, to commands as well, in notifications and around input fields,
 * icons of `$(…)` and, where the mouse rests, all of Markdown in lists of choices. What a file, a notebook or a program calls
 * its arrays is shown as it stands: a mark of no width keeps apart what would become a link, a picture or an icon.
 */
export const plain = (text: string): string =>
  text.replaceAll(/\](?=[[(:])|\$(?=\()|:(?=\/\/)|\bwww(?=\.)|@(?=\w)/gi, '$&\u2060');
