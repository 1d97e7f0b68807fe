/** The webview's page. A pure function of where its parts are, and of its language. */
export function pageHtml(parts: {
  /** What the webview may load from, as the editor names it. */
  readonly source: string;
  /** Of the script, and of what the widget toolkit tries styles with; the page's own come from files. */
  readonly nonces: { readonly script: string; readonly style: string };
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
    `script-src 'nonce-${parts.nonces.script}'`,
    `style-src ${parts.source} 'nonce-${parts.nonces.style}'`,
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
    <meta property="csp-nonce" content="${parts.nonces.style}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${parts.style}">
    <title>Loss Lens</title>
  </head>
  <body>
    <main id="panel" aria-busy="true"></main>${words}
    <script type="module" nonce="${parts.nonces.script}" src="${parts.script}"></script>
  </body>
</html>`;
}
