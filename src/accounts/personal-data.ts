/**
 * All that the gateway keeps of one user on one domain, for that user: told as records, a line of JSON each (JSON Lines), so that it can be cut between
 * any two of them. What is secret is told to be set, and nothing more.
 */
import { randomUUID } from 'node:crypto';
import type { Addresses, Clock } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import { contactAddress } from '../gateway/contacts/addresses.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import type { AvatarStore } from '../storage/avatar-ports.ts';
import type { LoginRow, LoginStore } from '../storage/login-ports.ts';
import type { MediaStore } from '../storage/media-ports.ts';
import type { PlumbingRow } from '../storage/plumbing-ports.ts';
import type {
  AccountStore,
  ArchiveRow,
  Leases,
  OutboxStore,
  SettingsOwner,
  SettingsStore,
  UploadStore,
} from '../storage/ports.ts';
import type { Archiving } from './archiving.ts';
import type { GiveOrder } from './orders.ts';
import { speakerName } from './speaker-pictures.ts';
import type { Uploads } from './uploading.ts';

/** Where it can be read, and for how long. */
export interface Published {
  readonly links: readonly string[];
  readonly days: number;
}

export interface PersonalData {
  /** Everything, a line of JSON each; the archive, which is the most of it, last. */
  lines(owner: string): AsyncIterable<string>;
  /** Has it read by links that nobody can guess; those of before lead nowhere any more. undefined: the operator keeps no such texts, or there is no room. */
  publish(owner: string, signal: AbortSignal): Promise<Published | undefined>;
  /** Ends all connections and deletes everything. Resolves with the addresses of their contacts, who are to be told. */
  erase(owner: string, reason: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The same of one account; what is set stays. */
  eraseOne(id: AccountId, reason: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface PersonalDataParts {
  readonly domain: string;
  readonly accountStore: AccountStore;
  readonly loginStore: Pick<LoginStore, 'get'>;
  readonly settingsStore: SettingsStore;
  readonly outboxStore: OutboxStore;
  readonly archive: Pick<Archiving, 'all'>;
  readonly avatarStore: Pick<AvatarStore, 'given' | 'forget'>;
  readonly mediaStore: Pick<MediaStore, 'of'>;
  readonly uploadStore: UploadStore;
  readonly uploads?: Uploads | undefined;
  readonly leases: Pick<Leases, 'holder' | 'erased'>;
  readonly order: GiveOrder;
  readonly addresses: Addresses;
  readonly plumbings: { readonly all: readonly PlumbingRow[] };
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** What one link leads to, in UTF-16 units: more is not held in memory. */
const longestPiece = 4_000_000;
/** How long other workers may take to erase, and how often it is looked whether they have. */
const goneWithinMs = 600_000;
const lookAgainMs = 100;
/** How often it is ordered. */
const triesAtMost = 2;
/** Entries and dead letters of one account, which has bounds of its own. */
const atMost = 20_000;

/** Names under which secrets are kept, wherever they are. */
const secretName = /^(password|resume|key|secret|credentials)$/;
const isSet = '(set)';

const lineOf = (record: object): string =>
  JSON.stringify(record, (name, value: unknown) => (secretName.test(name) && value !== undefined ? isSet : value));

const timeOf = (ms: number): string => new Date(ms).toISOString();

/** The accounts of that user of which anything is kept anywhere. */
export async function accountsOf(
  { domain, owner }: SettingsOwner,
  { accountStore, outboxStore }: Pick<PersonalDataParts, 'accountStore' | 'outboxStore'>,
): Promise<readonly AccountId[]> {
  const [begin, end] = [`${owner}/`, `/${domain}`];
  const ids = [...(await accountStore.ids(begin, end)), ...(await outboxStore.ids(begin, end))];
  const theirs = ids.filter((id) => {
    const parsed = parseAccountId(id);
    return parsed?.domain === domain && parsed.owner === owner;
  });
  return [...new Set(theirs)].sort();
}

const onOf = (id: AccountId): { readonly on?: string } => {
  const on = parseAccountId(id)?.on;
  return on === undefined ? {} : { on };
};

export function createPersonalData(parts: PersonalDataParts): PersonalData {
  const { domain, accountStore, loginStore, settingsStore, outboxStore, archive, uploadStore, uploads, clock } = parts;

  async function* ofSettings(whose: SettingsOwner): AsyncIterable<object> {
    for (const { value, ...row } of await settingsStore.of(whose))
      yield { is: 'setting', ...row, value: typeof value === 'object' && 'sealed' in value ? isSet : value };
    for (const { by, on, chat, muc, at } of parts.plumbings.all.filter((one) => one.domain === domain))
      if (by === whose.owner) yield { is: 'plumbing', on, chat, muc, at: timeOf(at) };
    for await (const { at, text } of uploadStore.of(whose)) yield { is: 'upload', at: timeOf(at), text };
  }

  async function* ofAccount(id: AccountId): AsyncIterable<object> {
    const on = onOf(id);
    const row = await accountStore.get(id);
    const login = await loginStore.get(id);
    if (login !== undefined) yield ofLogin(login);
    if (row !== undefined) yield { is: 'account', ...on, nick: row.nick, resume: row.resume };
    for (const { account: _, occupants: __, ...membership } of await accountStore.memberships(id))
      yield { is: 'membership', ...on, ...membership };
    for (const person of await accountStore.contacts(id)) yield { is: 'contact', ...on, person };
    for (const { account: _, at, ...listed } of await accountStore.listed(id))
      yield { is: 'listed', ...on, ...listed, at: timeOf(at) };
    for (const { account: _, ...bookmark } of await accountStore.bookmarks(id))
      yield { is: 'bookmark', ...on, ...bookmark };
    for (const person of await accountStore.blocked(id)) yield { is: 'blocked', ...on, person };
    const given = await parts.avatarStore.given(id);
    if (Object.keys(given).length > 0) yield { is: 'profile', ...on, picture: given.hash, nick: given.nick };
    for await (const { chat, at, name, file } of parts.mediaStore.of(id))
      yield { is: 'file', ...on, chat, at: timeOf(at), name, ...(file && { type: file.type, bytes: file.bytes }) };
    for (const { intent, origin } of await outboxStore.after(id, undefined, atMost))
      yield { is: 'waiting', ...on, intent, origin: { ...origin, at: timeOf(origin.at) } };
    for (const { at, reason, intent, origin } of await outboxStore.deadLetters(id, atMost))
      yield { is: 'dead-letter', ...on, at: timeOf(at), reason, intent, origin: { ...origin, at: timeOf(origin.at) } };
  }

  async function* records(owner: string): AsyncIterable<object> {
    const whose = { domain, owner };
    const ids = await accountsOf(whose, parts);
    yield { is: 'export', version: 1, domain, owner, at: timeOf(clock.now()) };
    yield* ofSettings(whose);
    for (const id of ids) yield* ofAccount(id);
    for (const id of ids) for await (const row of archive.all(id)) yield archived(row);
  }

  async function* lines(owner: string): AsyncIterable<string> {
    for await (const record of records(owner)) yield lineOf(record);
  }

  /** The export in pieces, cut between lines. */
  async function* pieces(owner: string): AsyncIterable<string> {
    let piece = '';
    for await (const line of lines(owner)) {
      if (piece.length + line.length > longestPiece && piece !== '') {
        yield piece;
        piece = '';
      }
      piece += `${line}\n`;
    }
    yield piece;
  }

  return {
    lines,
    async publish(owner, signal) {
      if (uploads === undefined) return undefined;
      const whose = { domain, owner };
      await uploadStore.erase(whose, 'exports');
      const about = `export of ${owner} on ${domain} at ${clock.now()}`;
      const links: string[] = [];
      let isWhole = false;
      try {
        for await (const text of pieces(owner)) {
          signal.throwIfAborted();
          const link = await uploads.keep({ ...whose, about: `${about}, ${links.length}`, text, isExport: true });
          if (link === undefined) return undefined;
          links.push(link);
        }
        isWhole = true;
        return { links, days: uploads.days };
      } finally {
        if (!isWhole) await uploadStore.erase(whose, 'exports');
      }
    },
    async eraseOne(id, reason, signal) {
      const contacts = await contactsOf(id, parts);
      await eraseAll([id], reason, signal, parts);
      return contacts;
    },
    async erase(owner, reason, signal) {
      const whose = { domain, owner };
      const ids = await accountsOf(whose, parts);
      const contacts = (await Promise.all(ids.map((id) => contactsOf(id, parts)))).flat();
      try {
        await eraseAll(ids, reason, signal, parts);
      } finally {
        await settingsStore.erase(whose);
        await uploadStore.erase(whose, 'all');
        // With which shared accounts spoke for them.
        await parts.avatarStore.forget(domain, speakerName(owner));
      }
      return contacts;
    },
  };
}

const ofLogin = ({ label, credentials, at, isOut, on, admits }: LoginRow): object => ({
  is: 'login',
  ...(on !== undefined && { on }),
  label,
  credentials,
  at: timeOf(at),
  isOut,
  ...(admits !== undefined && { admits }),
});

async function contactsOf(
  id: AccountId,
  { domain, accountStore, addresses }: Pick<PersonalDataParts, 'domain' | 'accountStore' | 'addresses'>,
): Promise<readonly string[]> {
  const account = { id, owner: parseAccountId(id)?.owner ?? '', ...onOf(id) };
  const asked = (await accountStore.listed(id)).filter(({ state }) => state !== 'listed' && state !== 'declined');
  const persons = new Set([...(await accountStore.contacts(id)), ...asked.map(({ person }) => person)]);
  return [...persons].map((person) => contactAddress({ account, addresses, domain }, person));
}

/** What is left of one behind another worker's fault is erased by whoever has the order next: here, as a rule. Who has come back since it was erased stays. */
async function eraseAll(
  ids: readonly AccountId[],
  reason: string,
  signal: AbortSignal,
  parts: PersonalDataParts,
): Promise<void> {
  for (let tries = 1, left = ids; left.length > 0; tries++) {
    if (tries > triesAtMost) throw notYet();
    const asked = left.map((id) => ({ id, as: randomUUID() }));
    for (const { id, as } of asked) await parts.order(id, { is: 'erase', reason, as });
    left = await keptOf(await unerased(asked, signal, parts), parts);
  }
}

/** Their rows go last: of what has none nothing is left. */
async function keptOf(
  ids: readonly AccountId[],
  { accountStore }: Pick<PersonalDataParts, 'accountStore'>,
): Promise<readonly AccountId[]> {
  const kept = await Promise.all(ids.map(async (id) => (await accountStore.ids(id, '')).includes(id)));
  return ids.filter((_, i) => kept[i]);
}

const notYet = (): GatewayError =>
  new GatewayError('timed-out', { text: 'Not everything is deleted yet; try it again' });

/**
 * Another worker that has one of them erases it, and gives its lease back when that is done, or has failed. Whoever comes back in that moment has a new one: so
 * it says first that it is done. Resolves with those of which nobody has said that.
 */
async function unerased(
  asked: readonly { readonly id: AccountId; readonly as: string }[],
  signal: AbortSignal,
  { leases, clock }: Pick<PersonalDataParts, 'leases' | 'clock'>,
): Promise<readonly AccountId[]> {
  const late = clock.now() + goneWithinMs;
  const left: AccountId[] = [];
  for (const { id, as } of asked) {
    for (;;) {
      const holder = await leases.holder(id);
      if (await leases.erased(as)) break;
      if (holder === undefined) {
        left.push(id);
        break;
      }
      if (clock.now() > late) throw notYet();
      await clock.sleep(lookAgainMs, signal);
    }
  }
  return left;
}

/** Its children are XML, as they are in the stanza. */
function archived({ account, at, kind = 'message', ...row }: ArchiveRow): object {
  return { is: 'archived', ...onOf(account), kind, at: timeOf(at), ...row };
}
