/** A whole page of ours: what every one looks like, and the headers with which the browser keeps it to itself. */
import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';
import { style } from './style.ts';

/** What a browser asked, as far as it matters here. Plain data: it may come from another process. */
export interface PageRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Behind `?`. */
  readonly query: string;
  readonly cookie: string;
  /** RFC 9110 §12.5.4 */
  readonly acceptLanguage: string;
  /** Sec-Fetch-Site; '' from browsers that do not say it. */
  readonly site: string;
  /** Of a form. */
  readonly posted: string;
}

/** What it gets. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PageParts {
  readonly language: string;
  readonly title: string;
  readonly content: Html;
  /** Loaded anew: after so many seconds, from there. */
  readonly again?: { readonly afterSeconds: number; readonly query: string } | undefined;
}

/** Pages that look alike. */
export interface Pages {
  /** The page, with all that keeps it where it belongs. */
  page(status: number, parts: PageParts): PageAnswer;
  /** On to the page itself, which can be loaded anew without anything being sent twice. */
  seeOther(to: string): PageAnswer;
}

/** No script, nothing from elsewhere, in nobody's frame. @param style stands in each of them */
export function pagesIn(style: string): Pages {
  const hash = createHash('sha256').update(style).digest('base64');
  const headers: Readonly<Record<string, string>> = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'x-robots-tag': 'noindex, nofollow',
  };
  return {
    page: (status, parts) => ({
      status,
      headers: { ...headers, 'content-language': parts.language },
      body: written(style, parts),
    }),
    seeOther: (to) => ({ status: 303, headers: { ...headers, location: to }, body: '' }),
  };
}

function written(style: string, { language, title, content, again }: PageParts): string {
  const refresh =
    again === undefined
      ? undefined
      : html`<meta http-equiv="refresh" content="${again.afterSeconds}; url=?${again.query}">`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh}<title>${title}</title>
<link rel="icon" href="data:,">
<style>${{ html: style }}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.html;
}

/** Those of logins. */
export const { page, seeOther } = pagesIn(style);
