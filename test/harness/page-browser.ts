/** A browser without a screen for pages of ours: keeps cookies as RFC 6265 says, follows redirects, fills in forms as they stand. */

export interface ShownPage {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly title: string;
  /** Without markup, a space between words. */
  readonly text: string;
  /** What a form of it would send as it is, by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where it says that it is to be loaded anew. */
  readonly again: string | undefined;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly attributes: readonly string[];
}

export class PageBrowser {
  readonly cookies: Cookie[] = [];
  /** Added to what it sends. */
  headers: Readonly<Record<string, string>> = {};
  #at = new URL('https://nowhere.test/');
  #page: ShownPage | undefined;
  readonly #reach: (url: URL) => URL;

  /** @param reach where an address really is: what a proxy does */
  constructor(reach: (url: URL) => URL) {
    this.#reach = reach;
  }

  get page(): ShownPage {
    if (this.#page === undefined) throw new Error('nothing is open');
    return this.#page;
  }

  open(url: string): Promise<ShownPage> {
    return this.#go(new URL(url, this.#at), 'GET', '');
  }

  /** Loads the page anew: where it says so itself, or as it is. */
  reload(): Promise<ShownPage> {
    return this.open(this.page.again ?? '');
  }

  /** Presses a button, with the fields as they stand but for these. */
  press(button: string, fields: Readonly<Record<string, string>> = {}): Promise<ShownPage> {
    const mine = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`field.${name}`, value]));
    return this.post({ ...this.page.fields, ...mine, do: button });
  }

  /** Sends just that. */
  post(fields: Readonly<Record<string, string>>): Promise<ShownPage> {
    return this.#go(this.#at, 'POST', new URLSearchParams(fields).toString());
  }

  async #go(url: URL, method: string, body: string): Promise<ShownPage> {
    const cookie = this.cookies.filter(({ path }) => url.pathname.startsWith(path));
    const response = await fetch(this.#reach(url), {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie.length > 0 && { cookie: cookie.map(({ name, value }) => `${name}=${value}`).join('; ') }),
        ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...this.headers,
      },
      ...(method === 'POST' && { body }),
    });
    for (const set of response.headers.getSetCookie()) this.#keep(set);
    const html = await response.text();
    const to = response.headers.get('location');
    if (to !== null) return this.#go(new URL(to, url), 'GET', '');
    this.#at = new URL(url.pathname, url);
    this.#page = read(response.status, response.headers, html);
    return this.#page;
  }

  #keep(set: string): void {
    const [pair = '', ...attributes] = set.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((one) => one.startsWith('Path='))?.slice(5) ?? '/';
    const old = this.cookies.findIndex((one) => one.name === name && one.path === path);
    if (old >= 0) this.cookies.splice(old, 1);
    this.cookies.push({ name, value, path, attributes });
  }
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const unescaped = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (one) => entities[one] ?? one);

function read(status: number, headers: Headers, html: string): ShownPage {
  const body = html.replace(/^[\s\S]*<body>/, '');
  const fields: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input [^>]*>/g)) {
    const attribute = (name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1];
    const isPick = attribute('type') === 'radio' || attribute('type') === 'checkbox';
    if (!isPick || / checked/.test(input)) fields[attribute('name') ?? ''] = unescaped(attribute('value') ?? '');
  }
  return {
    status,
    headers,
    html,
    title: unescaped(/<title>([^<]*)/.exec(html)?.[1] ?? ''),
    text: unescaped(body.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim(),
    fields,
    again: unescaped(/http-equiv="refresh" content="\d+; url=([^"]*)"/.exec(html)?.[1] ?? '') || undefined,
  };
}
