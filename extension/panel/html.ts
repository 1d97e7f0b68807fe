/** The webview's page. A pure function of where its parts are, and of its language. */
export function pageHtml(parts: {
  /** What the webview may load from, as the editor names it. */
  readonly source: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** Whether it shows what it has drawn itself: maps, and plots that become images to be saved. */
  readonly paints?: true;
  readonly language: string;
  /** What `t` says there, where that is not English. */
  readonly bundle?: Readonly<Record<string, unknown>> | undefined;
}): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${parts.nonce}'`,
    `style-src ${parts.source}`,
    `font-src ${parts.source}`,
    `img-src ${parts.source}${parts.paints ? ' data:' : ''}`,
  ].join('; ');
  const json = JSON.stringify(parts.bundle)?.replaceAll('<', '\\u003c');
  const words = json ? `\n    <script type="application/json" id="words">${json}</script>` : '';
  return `<!DOCTYPE html>
<html lang="${parts.language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${parts.style}">
    <title>Loss Lens</title>
  </head>
  <body>
    <main id="panel" aria-busy="true"></main>${words}
    <script type="module" nonce="${parts.nonce}" src="${parts.script}"></script>
  </body>
</html>`;
}
