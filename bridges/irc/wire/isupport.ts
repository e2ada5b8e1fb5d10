/** What a server says of itself in RPL_ISUPPORT (005), folded line by line over the defaults of RFC 1459. */

export interface Prefix {
  readonly mode: string;
  readonly symbol: string;
}

export interface Support {
  /** How the server compares names; see casemap.ts. */
  readonly casemapping: string;
  /** The characters that begin a channel's name. */
  readonly chanTypes: string;
  /** A member's ranks, the highest first. */
  readonly prefixes: readonly Prefix[];
  /** Channel modes: lists (a), always with an argument (b), with one when set (c), without (d). */
  readonly chanModes: { readonly a: string; readonly b: string; readonly c: string; readonly d: string };
  /** The ranks that can be spoken to alone, as in `@#channel`. */
  readonly statusMsg: string;
  readonly nickLength: number;
  /** Of the server's count; absent where it names no limit. So with the others below. */
  readonly topicLength?: number;
  readonly kickLength?: number;
  readonly awayLength?: number;
  readonly keyLength?: number;
  /** A line with its CR LF, without its tags. */
  readonly lineLength: number;
  /** Modes with an argument that one MODE may hold; Infinity: as many as one likes. */
  readonly modesAtOnce: number;
  readonly network?: string;
  /** The user mode that marks a bot. */
  readonly bot?: string;
  readonly whox: boolean;
  /** KNOCK is known. */
  readonly knock: boolean;
  /** How many may be watched with MONITOR; Infinity: as many as one likes; absent: it has none. */
  readonly monitor?: number;
  /** How many may be kept off with SILENCE; absent: it has none. */
  readonly silence?: number;
  readonly utf8only: boolean;
  /** The list modes of ban and invite exceptions. */
  readonly excepts?: string;
  readonly invex?: string;
  /** Extended bans: what begins them (may be nothing) and their letters. */
  readonly extban?: { readonly prefix: string; readonly types: string };
  /** The extended ban that names an account. */
  readonly accountBan?: string;
  readonly elist: string;
  readonly safelist: boolean;
  /** Targets at most, by command in upper case; Infinity: as many as one likes. */
  readonly targets: ReadonlyMap<string, number>;
  /** Client-only tags that the server drops (message-tags, CLIENTTAGDENY). */
  readonly clientTagDeny: readonly string[];
  /** Messages that one CHATHISTORY asks for at most; absent: it has none. */
  readonly chatHistory?: number;
  /** By what it may be told where in the past (MSGREFTYPES): msgid, timestamp; absent: it does not say. */
  readonly messageReferences?: readonly string[];
}

/** What holds until a server says otherwise (RFC 1459, and modern-irc for what came after). */
export const defaultSupport: Support = {
  casemapping: 'rfc1459',
  chanTypes: '#&',
  prefixes: [
    { mode: 'o', symbol: '@' },
    { mode: 'v', symbol: '+' },
  ],
  chanModes: { a: 'b', b: 'k', c: 'l', d: 'imnpst' },
  statusMsg: '',
  nickLength: 9,
  lineLength: 512,
  modesAtOnce: 3,
  whox: false,
  knock: false,
  utf8only: false,
  elist: '',
  safelist: false,
  targets: new Map(),
  clientTagDeny: [],
};

type Draft = { -readonly [Key in keyof Support]: Support[Key] };
/** Reads a value into the draft; undefined (`-TOKEN`) puts the default back. */
type Reader = (draft: Draft, value: string | undefined) => void;

/** @param params those of the 005 line, our nick first; its closing words are passed over. A malformed token changes nothing. */
export function readSupport(before: Support, params: readonly string[]): Support {
  const draft: Draft = { ...before };
  for (let index = 1; index < params.length; index++) {
    const token = params[index] ?? '';
    if (token.includes(' ')) continue;
    if (token.startsWith('-')) {
      readers.get(token.slice(1).toUpperCase())?.(draft, undefined);
      continue;
    }
    const equals = token.indexOf('=');
    const name = (equals < 0 ? token : token.slice(0, equals)).toUpperCase();
    readers.get(name)?.(draft, equals < 0 ? '' : unescapeValue(token.slice(equals + 1)));
  }
  return draft;
}

/** `\x20` and the like stand for a character that would break the line (modern-irc, RPL_ISUPPORT). */
function unescapeValue(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A reader of one field; a value that `read` makes nothing of is ignored. */
function into<Key extends keyof Support>(field: Key, read: (value: string) => Support[Key] | undefined): Reader {
  return (draft, value) => {
    if (value === undefined) {
      if (Object.hasOwn(defaultSupport, field)) draft[field] = defaultSupport[field];
      else delete draft[field];
      return;
    }
    const found = read(value);
    if (found !== undefined) draft[field] = found;
  };
}

/** A positive whole number of at most nine digits. */
const count = (value: string) => (/^[0-9]{1,9}$/.test(value) && Number(value) > 0 ? Number(value) : undefined);
const countOrAny = (value: string) => (value === '' ? Number.POSITIVE_INFINITY : count(value));
/** A server that sets a line below what RFC 1459 promises is not believed. */
const lineCount = (value: string) => Math.max(count(value) ?? 512, 512);
const present = () => true;
const any = (value: string) => value;
const some = (value: string) => (value === '' ? undefined : value);
const lower = (value: string) => some(value.toLowerCase());
const letterOr = (usual: string) => (value: string) => value.charAt(0) || usual;
const oneLetter = (value: string) => (value.length === 1 ? value : undefined);

function readPrefixes(value: string): readonly Prefix[] | undefined {
  if (value === '') return [];
  const found = /^\(([^()]+)\)(.+)$/.exec(value);
  const [modes, symbols] = [found?.[1] ?? '', found?.[2] ?? ''];
  if (modes === '' || modes.length !== symbols.length) return undefined;
  return Array.from({ length: modes.length }, (_, at) => ({ mode: modes.charAt(at), symbol: symbols.charAt(at) }));
}

function readChanModes(value: string): Support['chanModes'] | undefined {
  const [a, b, c, d] = value.split(',', 4);
  return a === undefined || b === undefined || c === undefined || d === undefined ? undefined : { a, b, c, d };
}

/** `~,acr` → `~` before a letter. */
function readExtban(value: string): Support['extban'] {
  const comma = value.indexOf(',');
  return comma < 0 ? undefined : { prefix: value.slice(0, comma), types: value.slice(comma + 1) };
}

/** `PRIVMSG:4,JOIN:` → 4 and any number. */
function readLimits(value: string): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const pair of value.split(',')) {
    const colon = pair.indexOf(':');
    const limit = colon > 0 ? countOrAny(pair.slice(colon + 1)) : undefined;
    if (limit !== undefined) limits.set(pair.slice(0, colon).toUpperCase(), limit);
  }
  return limits;
}

const readers: ReadonlyMap<string, Reader> = new Map([
  ['ACCOUNTEXTBAN', into('accountBan', (value) => some(value.split(',', 1)[0] ?? ''))],
  ['AWAYLEN', into('awayLength', count)],
  ['BOT', into('bot', oneLetter)],
  ['CASEMAPPING', into('casemapping', lower)],
  ['CHANMODES', into('chanModes', readChanModes)],
  ['CHANTYPES', into('chanTypes', any)],
  ['CHATHISTORY', into('chatHistory', countOrAny)],
  ['CLIENTTAGDENY', into('clientTagDeny', (value) => value.split(',').filter((tag) => tag !== ''))],
  ['DRAFT/CHATHISTORY', into('chatHistory', countOrAny)],
  ['ELIST', into('elist', (value) => value.toUpperCase())],
  ['EXCEPTS', into('excepts', letterOr('e'))],
  ['EXTBAN', into('extban', readExtban)],
  ['INVEX', into('invex', letterOr('I'))],
  ['KEYLEN', into('keyLength', count)],
  ['KICKLEN', into('kickLength', count)],
  ['KNOCK', into('knock', present)],
  ['LINELEN', into('lineLength', lineCount)],
  ['MODES', into('modesAtOnce', countOrAny)],
  ['MONITOR', into('monitor', countOrAny)],
  ['MSGREFTYPES', into('messageReferences', (value) => value.toLowerCase().split(','))],
  ['NETWORK', into('network', some)],
  ['NICKLEN', into('nickLength', count)],
  ['PREFIX', into('prefixes', readPrefixes)],
  ['SAFELIST', into('safelist', present)],
  ['SILENCE', into('silence', count)],
  ['STATUSMSG', into('statusMsg', any)],
  ['TARGMAX', into('targets', readLimits)],
  ['TOPICLEN', into('topicLength', count)],
  ['UTF8ONLY', into('utf8only', present)],
  ['WHOX', into('whox', present)],
]);
