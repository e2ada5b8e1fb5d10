/** What each numeric of a WHOIS says, for people to read. Bounded, as servers may say anything and as often as they like. */
import type { PersonCard } from '#bridge';

/** A card while its lines come in. */
export interface Draft {
  readonly nick: string;
  /** Something has been said of them at all. */
  readonly isKnown: boolean;
  /** It is ourselves: what only we are shown of us would tell where the gateway is. */
  readonly isMe: boolean;
  set(what: Partial<Pick<PersonCard, 'nick' | 'realName' | 'account' | 'address' | 'idleSeconds' | 'away'>>): void;
  fact(label: string, value: string): void;
  card(): PersonCard;
}

const maxFacts = 40;
const maxValue = 400;

/** A card with nothing on it but the nick. */
export function createDraft(nick: string, isMe: boolean): Draft {
  let own: Omit<PersonCard, 'facts'> = { nick };
  let isKnown = false;
  const facts = new Map<string, string>();
  return {
    nick,
    isMe,
    get isKnown() {
      return isKnown;
    },
    set(what) {
      isKnown = true;
      own = { ...own, ...what };
    },
    fact(label, value) {
      isKnown = true;
      const before = facts.get(label);
      if (value === '' || (before === undefined && facts.size >= maxFacts)) return;
      facts.set(label, (before === undefined ? value : `${before}; ${value}`).slice(0, maxValue).toWellFormed());
    },
    card: () => ({ ...own, facts: [...facts].map(([label, value]) => ({ label, value })) }),
  };
}

type Read = (draft: Draft, params: readonly string[]) => void;

/** The last words of a numeric, which are written for people. */
const saying =
  (label: string): Read =>
  (draft, params) =>
    draft.fact(label, params.at(-1) ?? '');

/** "2 d 3 h": the two largest units, in signs that every language has. */
export function spelled(seconds: number): string {
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const said = units.filter(([, count]) => count > 0).slice(0, 2);
  return said.length === 0 ? '0 s' : said.map(([unit, count]) => `${count} ${unit}`).join(' ');
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function user(draft: Draft, [name = '', host = '', , realName = '']: readonly string[]): void {
  draft.set({ address: `${name}@${host}`, ...(realName !== '' && { realName: realName.slice(0, maxValue) }) });
}

function idle(draft: Draft, params: readonly string[]): void {
  const seconds = whole(params[0]);
  const since = whole(params.length > 2 ? params[1] : undefined);
  if (seconds !== undefined) {
    draft.set({ idleSeconds: seconds });
    draft.fact('Idle', spelled(seconds));
  }
  if (since !== undefined && since > 0) draft.fact('Connected since', minuteOf(since));
}

/** Where somebody connects from; of ourselves it is not told. */
const origin: Read = (draft, params) => {
  if (draft.isMe) return;
  draft.fact('Connection', params.length > 1 ? [params.at(-1), ...params.slice(0, -1)].join(' ') : (params[0] ?? ''));
};

/** By numeric; the parameters begin behind the nick. */
export const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['311', user],
  ['312', (draft, [server = '', about = '']) => draft.fact('Server', about === '' ? server : `${server} (${about})`)],
  ['313', saying('Operator')],
  ['317', idle],
  ['319', (draft, params) => draft.fact('Channels', (params.at(-1) ?? '').trim())],
  ['301', (draft, params) => draft.set({ away: (params.at(-1) ?? '').slice(0, maxValue) })],
  ['330', (draft, [account = '']) => draft.set({ account })],
  ['335', saying('Bot')],
  ['338', origin],
  ['378', origin],
  ['671', saying('Encryption')],
  ['276', saying('Certificate')],
  ['307', saying('Nick')],
  ['310', saying('Also')],
  ['316', saying('Also')],
  ['320', saying('Also')],
  ['275', saying('Encryption')],
  ['337', saying('Also')],
  ['343', saying('Operator')],
  ['344', saying('Country')],
  ['350', origin],
  ['379', saying('Modes')],
  ['569', saying('Network')],
  ['616', origin],
  ['617', saying('Also')],
  ['690', saying('Also')],
]);

/** For people: "2026-11-21 10:17 UTC". @param at epoch seconds */
export const minuteOf = (at: number): string =>
  `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
