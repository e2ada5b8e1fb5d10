/** Requests for the items of a contact's nodes (XEP-0060 §6.5; CHECKLIST 084-01, 084-03): answered to the owner of the account, whose contacts they are. */
import type { Session } from '../../bridge/contract.ts';
import type { PersonId } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import { xml } from '../../xml/writer.ts';
import { writeError } from '../../xmpp/error.ts';
import { reply, type Stanza } from '../../xmpp/stanza.ts';
import { type Item, itemsAskedFor, itemsResult, PUBSUB } from '../../xmpp/xep/0060-pubsub.ts';
import { AVATAR_DATA, AVATAR_METADATA } from '../../xmpp/xep/0084-user-avatar.ts';
import { NICK } from '../../xmpp/xep/0172-nick.ts';
import { VCARD4_NODE } from '../../xmpp/xep/0292-vcard4.ts';
import type { Asking, Question } from '../face.ts';
import { refuseWith, result } from '../rooms/origin.ts';
import { cardItem, dataOf, metadataOf, nickItem } from './node-items.ts';
import type { Say } from './person-card.ts';
import { pictureIn } from './picture-question.ts';

type Node = (asking: Asking, person: PersonId, say: Say) => Promise<Item | undefined>;

const nodes: ReadonlyMap<string, Node> = new Map<string, Node>([
  [
    AVATAR_METADATA,
    async (asking, person) =>
      asking.session?.avatars === undefined ? undefined : metadataOf(await pictureIn(asking, person)),
  ],
  [
    AVATAR_DATA,
    async (asking, person) => {
      const picture = await pictureIn(asking, person);
      return picture && dataOf(picture);
    },
  ],
  [NICK, async ({ session, signal }, person) => nickItem((await session?.people?.about?.(person, signal))?.nick)],
  [
    VCARD4_NODE,
    async ({ session, signal }, person, say) => {
      const card = await session?.people?.about?.(person, signal);
      return card && cardItem(card, say);
    },
  ],
]);

/** Who is not connected there has no contacts (084-03). */
const notSubscribed = writeError(
  { type: 'auth', condition: 'not-authorized' },
  xml`<presence-subscription-required xmlns='http://jabber.org/protocol/pubsub#errors'/>`,
);

/** What a contact's address announces of them, where its people have pictures (XEP-0163 §5, XEP-0060 §5.1): reading, and events for who shares presence and asks for them. */
const features: readonly string[] = [
  PUBSUB,
  ...['access-presence', 'auto-subscribe', 'filtered-notifications', 'last-published', 'retrieve-items'].map(
    (one) => `${PUBSUB}#${one}`,
  ),
];

export const nodeFeatures = (session: Pick<Session, 'avatars'> | undefined): readonly string[] =>
  session?.avatars === undefined ? [] : features;

/** undefined: there is no such node, or something else is asked. */
export function nodeQuestion(stanza: Stanza, pubsub: Element, person: PersonId, say: Say): Question | undefined {
  const asked = itemsAskedFor(pubsub);
  const node = asked && nodes.get(asked.node);
  if (asked === undefined || node === undefined) return undefined;
  return async (asking) => {
    if (asking.session === undefined) return [{ ...reply(stanza, 'error'), body: notSubscribed }];
    const item = await node(asking, person, say);
    const isThere = item !== undefined && (asked.ids.length === 0 || asked.ids.includes(item.id));
    if (!isThere) return [refuseWith(stanza, 'cancel', 'item-not-found')];
    return [result(stanza, itemsResult(asked.node, [item]))];
  };
}
