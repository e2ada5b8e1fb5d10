/** What is too long for a network: its beginning is said, with a link to the whole of it, where the operator keeps such texts. */
import type { Session } from '../bridge/contract.ts';
import { type Content, plainText } from '../core/content.ts';
import { GatewayError } from '../core/errors.ts';
import type { ChatId, DeliveryKey } from '../core/ids.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

/** Where such texts are kept. */
export interface Uploads {
  /**
   * Resolves with the address at which whoever knows it can read the text; undefined: there is no room.
   * @param owner whose it is, a bare JID
   * @param about what tells this text from the same one said another time
   * @param message what it is called, for who takes back all that it ever said
   * @param isExport it is what the owner asked for of their own data
   */
  keep(upload: {
    readonly owner: string;
    readonly domain: string;
    readonly about: string;
    readonly message?: string;
    readonly text: string;
    readonly isExport?: boolean;
  }): Promise<string | undefined>;
  /** Deletes what was kept of that message; resolves with how many texts that were. */
  forget(of: { readonly owner: string; readonly message: string }): Promise<number>;
  /** How long they are there. */
  readonly days: number;
}

export interface Uploading {
  /** The content as the chat takes it, or as it is, for the session to refuse. A promise only where something is stored. */
  fitted(content: Content, session: Session, message: Message): Content | Promise<Content>;
  /** That message was taken back: so is what was kept of it. Resolves with whether there was something; never rejects. */
  forget(chat: ChatId, message: Pick<Message, 'id' | 'author'>): Promise<boolean>;
}

/** Of which message it is. */
export interface Message {
  readonly chat: ChatId;
  readonly key: DeliveryKey;
  /** The stanza's, of its first version; absent: it can't be named. */
  readonly id?: string | undefined;
  /** For whom a shared account says it: two may give the same id. */
  readonly author?: string | undefined;
  /** What is kept, where that is something else than what is said. */
  readonly whole?: string | undefined;
}

/** The chat waits for it. */
const patienceMs = 10_000;

type Owned = Pick<AccountRow, 'id' | 'owner'>;
type World = Pick<AccountWorld, 'domain' | 'uploads' | 'clock' | 'log'>;

/** For one account. */
export const createUploading = (row: Owned, world: World): Uploading => new Excerpts(row, world);

/** An object of a class: each account has two. */
class Excerpts implements Uploading {
  readonly #row: Owned;
  readonly #world: World;

  constructor(row: Owned, world: World) {
    this.#row = row;
    this.#world = world;
  }

  fitted(content: Content, session: Session, message: Message): Content | Promise<Content> {
    const { chat } = message;
    const excerpt = this.#world.uploads === undefined ? undefined : session.excerpt?.(content, chat);
    if (excerpt !== undefined)
      return this.#shortened(content, excerpt, message).then((one) => mustFit(one, chat, session));
    return mustFit(content, chat, session);
  }

  async forget(chat: ChatId, { id = '', author }: Pick<Message, 'id' | 'author'>): Promise<boolean> {
    const gone = this.#world.uploads?.forget({ owner: this.#row.owner, message: this.#nameOf(chat, id, author) });
    return ((await this.#patiently(gone, 'a long text could not be deleted')) ?? 0) > 0;
  }

  /** Never rejects, and never takes long. */
  async #patiently<T>(work: Promise<T> | undefined, failure: string): Promise<T | undefined> {
    const { clock, log } = this.#world;
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = clock.after(patienceMs, () => resolve(undefined));
    const done = work?.catch((error: unknown) => {
      log.error({ account: this.#row.id, error }, failure);
      return undefined;
    });
    return Promise.race([done, late]).finally(cancel);
  }

  #nameOf(chat: ChatId, id: string, author: string | undefined): string {
    return `${this.#row.id}\0${chat}\0${id}${author === undefined ? '' : `\0${author}`}`;
  }

  async #shortened(content: Content, excerpt: string, message: Message): Promise<Content> {
    const { domain, uploads } = this.#world;
    const { chat, key, id, author, whole = content.text?.plain ?? '' } = message;
    const about = `${this.#row.id}\0${key}`;
    const named = id === undefined ? {} : { message: this.#nameOf(chat, id, author) };
    const stored = uploads?.keep({ owner: this.#row.owner, domain, about, ...named, text: whole });
    const url = await this.#patiently(stored, 'a long text could not be kept');
    if (url === undefined) return content;
    const file = { url, name: 'message.txt', type: 'text/plain', size: Buffer.byteLength(whole) };
    return { ...content, text: plainText(excerpt), files: [...(content.files ?? []), file] };
  }
}

/** The same. Throws where it is longer than the network takes at all. */
export function mustFit<Ref>(content: Content<Ref>, chat: ChatId, session: Session): Content<Ref> {
  const plain = content.text?.plain ?? '';
  const { maxBytes } = session.limits(chat);
  if (plain.length * 3 > maxBytes && Buffer.byteLength(plain) > maxBytes) {
    throw new GatewayError('message-too-long', { text: `At most ${maxBytes} bytes` });
  }
  return content;
}
