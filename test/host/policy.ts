/** What the page in the webview in view may load and run, and that it has kept to it. */
import assert from 'node:assert/strict';
import { evaluateIn } from './browser.ts';

const nonceSource = String.raw`'nonce-([\w+/]{22}==)'`;
/** What the editor serves its extensions' files from. */
const files = String.raw`(?:'self' )?https?://\S+`;
/** The widget toolkit tries styles; images may be some that the page has drawn itself. */
const otherSources = new RegExp(
  `^(?:font-src ${files}|style-src ${files} ${nonceSource}|img-src ${files}(?: data:)?)$`,
);

/** Of a page that runs the one script whose nonce its policy has. */
export async function assertPolicy(): Promise<void> {
  const found = await evaluateIn('webview', async () => {
    const metas = [
      ...document.querySelectorAll<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]'),
    ];
    const isOurs = (each: Element): boolean =>
      // The editor puts its own in front of it.
      (metas[0]!.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const nonces = [...document.scripts]
      .filter((each) => isOurs(each) && each.type !== 'application/json')
      .map(({ nonce }) => nonce);
    // A violation of our own tells that what went before it has been reported, and that it would be.
    const forbidden = document.createElement('script');
    forbidden.textContent = 'globalThis.forbiddenRan = true';
    const violations = await new Promise<string[]>((resolve) => {
      const seen: string[] = [];
      const observer = new ReportingObserver(
        (reports) => {
          for (const { body } of reports) {
            const { blockedURL, effectiveDirective, sourceFile, lineNumber, columnNumber } =
              body as unknown as Record<string, string>;
            seen.push(`${effectiveDirective}: ${blockedURL} ${sourceFile}:${lineNumber}:${columnNumber}`);
          }
          if (seen.some((words) => words.startsWith('script-src-elem: inline'))) resolve(seen);
        },
        { types: ['csp-violation'], buffered: true },
      );
      observer.observe();
      document.body.append(forbidden);
    });
    forbidden.remove();
    return {
      policies: metas.map(({ content }) => content),
      nonces,
      violations,
      ran: 'forbiddenRan' in globalThis,
    };
  });
  assert.equal(found.policies.length, 1);
  const [first, scripts, ...others] = found.policies[0]!.split('; ');
  assert.equal(first, "default-src 'none'");
  const [, nonce] = new RegExp(`^script-src ${nonceSource}$`).exec(scripts!)!;
  for (const other of others) assert.match(other, otherSources);
  assert.deepEqual(found.nonces, [nonce]);
  assert.equal(found.ran, false);
  assert.equal(found.violations.length, 1, found.violations.join('\n'));
}

/** Of a page without scripts, whose one style has the nonce of its policy. */
export async function assertPolicyWithoutScripts(): Promise<void> {
  const found = await evaluateIn('webview', () => {
    const metas = [
      ...document.querySelectorAll<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]'),
    ];
    const follow = (each: Element): boolean =>
      (metas[0]!.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const styles = [...document.querySelectorAll('style')].filter(follow);
    return {
      policies: metas.map(({ content }) => content),
      scripts: [...document.scripts].filter(follow).length,
      nonces: styles.map(({ nonce }) => nonce),
      // Without a sheet where the policy refused it.
      rules: styles.map(({ sheet }) => sheet?.cssRules.length ?? 0),
      active: document.querySelectorAll('main [style], iframe, object, embed, form, base').length,
    };
  });
  assert.equal(found.policies.length, 1);
  const [, nonce] = new RegExp(`^default-src 'none'; style-src ${nonceSource}$`).exec(found.policies[0]!)!;
  assert.deepEqual(found.nonces, [nonce]);
  assert.ok(found.rules[0]! > 10, `${found.rules[0]} rules of the style`);
  assert.deepEqual([found.scripts, found.active], [0, 0]);
}
