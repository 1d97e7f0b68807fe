/**
 * Words for notifications and for the lines around input fields. VS Code makes links of `[…](…)` there, to commands as
 * well; what a file, a notebook or a program calls its arrays is shown as it stands, with a mark of no width in between.
 */
export const plain = (text: string): string => text.replaceAll('](', ']\u2060(');
