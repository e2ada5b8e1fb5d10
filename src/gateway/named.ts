/** Whom and what a client has named beside its text, as the network knows them (CHECKLIST 372-01): who can't be found is not meant, and the text stays what it was. */
import type { Content, Mark } from '../core/content.ts';
import { type ChatId, chatId, type PersonId } from '../core/ids.ts';
import { parseJid } from '../xmpp/jid.ts';
import type { FaceContext } from './face.ts';

export interface Naming {
  readonly context: Pick<FaceContext, 'account' | 'addresses' | 'domain'>;
  /** The person of that nick in that room. */
  whois(chat: ChatId, nick: string): PersonId | undefined;
}

/** The same where nothing was named. */
export function asMeant<C extends Content<unknown>>(naming: Naming, chat: ChatId, content: C): C {
  const { text } = content;
  if (text === undefined || !text.marks.some(({ is }) => is === 'named')) return content;
  const marks = text.marks.flatMap((mark) => (mark.is === 'named' ? (meantBy(naming, chat, mark) ?? []) : [mark]));
  return { ...content, text: { ...text, marks } };
}

function meantBy(
  { context, whois }: Naming,
  chat: ChatId,
  { from, to, nick, jid: full }: Extract<Mark, { is: 'named' }>,
): Mark | undefined {
  const mention = (person: PersonId | undefined): Mark | undefined =>
    person === undefined ? undefined : { from, to, is: 'mention', person };
  if (nick !== undefined) return mention(whois(chat, nick));
  const { account, addresses, domain } = context;
  const jid = parseJid(full ?? '');
  const address = jid?.domain === domain ? addresses.parse(jid.local) : undefined;
  if (jid === undefined || address === undefined || address.on !== account.on) return undefined;
  if (address.is === 'person') return mention(address.id);
  if (address.is !== 'room') return undefined;
  return jid.resource === ''
    ? { from, to, is: 'room', chat: chatId(address.id) }
    : mention(whois(chatId(address.id), jid.resource));
}
