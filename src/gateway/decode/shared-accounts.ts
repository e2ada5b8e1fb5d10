/** Who may do what at the addresses of a shared account (src/design/shared-accounts.md): all of it is its owner's, its rooms are theirs too whom it admits. */
import { GatewayError } from '../../core/errors.ts';
import type { DurableIntent } from '../../core/intent.ts';
import { children } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import { MUC_OWNER } from '../../xmpp/xep/0045-muc.ts';
import { COMMANDS } from '../../xmpp/xep/0050-commands.ts';
import { VCARD } from '../../xmpp/xep/0054-vcard.ts';
import { PUBSUB } from '../../xmpp/xep/0060-pubsub.ts';
import { PING } from '../../xmpp/xep/0199-ping.ts';
import { CHANNEL_SEARCH } from '../../xmpp/xep/0433-channel-search.ts';
import { isShared } from '../labels.ts';
import { admits } from '../shares.ts';
import { isFleeting, matters } from './matters.ts';
import type { Scope } from './scope.ts';

const refused = (text: string): GatewayError => new GatewayError('not-permitted', { text });

/** What its owner sets there, and nobody else: the room's options, and commands. */
const ownersOnly: ReadonlySet<string> = new Set([MUC_OWNER, COMMANDS]);

/** How its rooms are found. */
const browsing: ReadonlySet<string> = new Set([DISCO_INFO, DISCO_ITEMS, CHANNEL_SEARCH, PUBSUB]);

const isBrowsing = ({ kind, type, el }: Stanza): boolean =>
  kind === 'iq' && type === 'get' && children(el).every(({ ns }) => browsing.has(ns));

/** What is said to one person; whether they have agreed is for the account to say. And the commands by which they are asked. */
function isTalking({ catalogue }: Scope, stanza: Stanza): boolean {
  const { kind, type, el } = stanza;
  if (kind === 'message') return type !== 'groupchat' && matters(el);
  if (kind !== 'iq') return false;
  if (type === 'get') return children(el).every(({ ns }) => browsing.has(ns) || ns === VCARD || ns === PING);
  const isOfShared = (node = ''): boolean => catalogue.find('contact', node)?.command.ofShared === true;
  return type === 'set' && children(el).every(({ ns, attrs }) => ns === COMMANDS && isOfShared(attrs.node));
}

/** Why not, where that is at a shared account's address; undefined: it may pass. */
export function notAdmitted(scope: Scope, stanza: Stanza): GatewayError | undefined {
  const target = scope.target(stanza.to);
  if (target === undefined || !isShared(target.on) || !scope.allows(stanza.from)) return undefined;
  const share = scope.share(target.on);
  // Whether there is such an account is nobody's business who is not admitted.
  if (share === undefined || !admits(share, stanza.from))
    return refused(`${stanza.from.bare} is not among those whom this shared account admits. Its operator can add you.`);
  if (share.owner === stanza.from.bare) return undefined;
  if (target.is === 'server' && isBrowsing(stanza)) return undefined;
  if (target.is === 'contact' && isTalking(scope, stanza)) return undefined;
  if (target.is !== 'room') return refused('Nobody but its operator does that by a shared account');
  const isOwners = stanza.kind === 'iq' && children(stanza.el).some(({ ns }) => ownersOnly.has(ns));
  return isOwners ? refused('Only the operator of this shared account may do that') : undefined;
}

/** What is refused without a word: whether somebody is writing is nothing that a client should be told of. */
export const isUnspoken = ({ kind, el }: Stanza): boolean => kind === 'message' && isFleeting(el);

/** What is said in a room has its speaker as author: one account speaks for several. Networks show them by name and picture, or have the name before each line. */
export function signed(intent: DurableIntent, by: Stanza['from']): DurableIntent {
  if ((intent.kind !== 'send' && intent.kind !== 'edit') || intent.privately !== undefined) return intent;
  return { ...intent, content: { ...intent.content, author: { nick: by.local, jid: by.bare } } };
}
