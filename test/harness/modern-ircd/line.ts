/** IRC lines with message tags, read and written by rules of the harness' own: what the bridge gets wrong must not be wrong here in the same way. */

export type Tags = ReadonlyMap<string, string>;

export interface Line {
  readonly tags: Tags;
  readonly source?: string;
  /** In capitals. */
  readonly command: string;
  readonly params: readonly string[];
}

/** Bytes that a client may put in front of a line as tags, and in the line itself (message-tags, "Size limit"). */
export const limits = { tags: 4_094, line: 510 } as const;

const escapes = new Map([
  [';', '\\:'],
  [' ', '\\s'],
  ['\\', '\\\\'],
  ['\r', '\\r'],
  ['\n', '\\n'],
]);
const meanings = new Map([...escapes].map(([character, text]) => [text.slice(1), character]));

/** A line without its end; undefined where it has no command. */
export function readLine(text: string): Line | undefined {
  let rest = text;
  const word = (): string => {
    const end = rest.indexOf(' ');
    const taken = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end).replace(/^ +/, '');
    return taken;
  };
  const tags = rest.startsWith('@') ? readTags(word().slice(1)) : new Map<string, string>();
  rest = rest.replace(/^ +/, '');
  const source = rest.startsWith(':') ? word().slice(1) : undefined;
  const command = word().toUpperCase();
  if (command === '') return undefined;
  const params: string[] = [];
  while (rest !== '') {
    if (rest.startsWith(':') || params.length === 14) {
      params.push(rest.replace(/^:/, ''));
      break;
    }
    params.push(word());
  }
  return { tags, command, params, ...(source !== undefined && { source }) };
}

/** What stands between '@' and the blank. */
export function readTags(text: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const one of text.split(';')) {
    if (one === '') continue;
    const [key = '', ...value] = one.split('=');
    tags.set(key, unescapeValue(value.join('=')));
  }
  return tags;
}

function unescapeValue(text: string): string {
  return text.replace(/\\(.?)/gs, (_, code: string) => meanings.get(code) ?? code);
}

/** A line as it goes out; what is too long is cut at a character. */
export function writeLine({ tags, source, command, params }: Line): string {
  const words = params.map((param, i) => {
    const last = i === params.length - 1;
    return last && (param === '' || param.startsWith(':') || param.includes(' ')) ? `:${param}` : param;
  });
  const rest = [...(source === undefined ? [] : [`:${source}`]), command, ...words].join(' ');
  return `${writeTags(tags)}${cut(rest.replace(/[\r\n\0]/g, ' '), limits.line)}`;
}

/** Tags and the blank behind them; nothing where there are none. */
function writeTags(tags: Tags): string {
  if (tags.size === 0) return '';
  const all = [...tags].map(([key, value]) => (value === '' ? key : `${key}=${escapeValue(value)}`));
  return `@${all.join(';')} `;
}

const escapeValue = (text: string): string => text.replace(/[; \\\r\n]/g, (one) => escapes.get(one) ?? one);

/** At most so many bytes, and no half character. */
export function cut(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
