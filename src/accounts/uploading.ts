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
   * @param isExport it is what the owner asked for of their own data
   */
  keep(upload: {
    readonly owner: string;
    readonly domain: string;
    readonly about: string;
    readonly text: string;
    readonly isExport?: boolean;
  }): Promise<string | undefined>;
  /** How long they are there. */
  readonly days: number;
}

export interface Uploading {
  /** The content as the chat takes it, or as it is, for the session to refuse. A promise only where something is stored. */
  fitted(content: Content, chat: ChatId, session: Session, key: DeliveryKey): Content | Promise<Content>;
}

/** The chat waits for it. */
const patienceMs = 10_000;

/** For one account. */
export function createUploading(
  row: Pick<AccountRow, 'id' | 'owner'>,
  { domain, uploads, clock, log }: Pick<AccountWorld, 'domain' | 'uploads' | 'clock' | 'log'>,
): Uploading {
  /** Never rejects, and never takes long. */
  async function kept(text: string, key: DeliveryKey): Promise<string | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = clock.after(patienceMs, () => resolve(undefined));
    const about = `${row.id}\0${key}`;
    const stored = uploads?.keep({ owner: row.owner, domain, about, text }).catch((error: unknown) => {
      log.error({ account: row.id, error }, 'a long text could not be kept');
      return undefined;
    });
    return Promise.race([stored, late]).finally(cancel);
  }

  async function shortened(content: Content, excerpt: string, key: DeliveryKey): Promise<Content> {
    const whole = content.text?.plain ?? '';
    const url = await kept(whole, key);
    if (url === undefined) return content;
    const file = { url, name: 'message.txt', type: 'text/plain', size: Buffer.byteLength(whole) };
    return { ...content, text: plainText(excerpt), files: [...(content.files ?? []), file] };
  }

  return {
    fitted(content, chat, session, key) {
      const excerpt = uploads === undefined ? undefined : session.excerpt?.(content, chat);
      if (excerpt !== undefined) return shortened(content, excerpt, key).then((one) => mustFit(one, chat, session));
      return mustFit(content, chat, session);
    },
  };
}

/** The same. Throws where it is longer than the network takes at all. */
export function mustFit(content: Content, chat: ChatId, session: Session): Content {
  const plain = content.text?.plain ?? '';
  const { maxBytes } = session.limits(chat);
  if (plain.length * 3 > maxBytes && Buffer.byteLength(plain) > maxBytes) {
    throw new GatewayError('message-too-long', { text: `At most ${maxBytes} bytes` });
  }
  return content;
}
