/** The small protocols that several kinds of address share (CHECKLIST section 13). */

import { child, firstChild } from '../../xml/query.ts';
import { xml } from '../../xml/writer.ts';
import { writeError } from '../../xmpp/error.ts';
import { reply } from '../../xmpp/stanza.ts';
import { LAST, lastActivity } from '../../xmpp/xep/0012-last-activity.ts';
import { VCARD, vcard } from '../../xmpp/xep/0054-vcard.ts';
import { PUBSUB } from '../../xmpp/xep/0060-pubsub.ts';
import { VERSION, version } from '../../xmpp/xep/0092-version.ts';
import { PING } from '../../xmpp/xep/0199-ping.ts';
import { TIME, time } from '../../xmpp/xep/0202-time.ts';
import { answer, deny, noSuchItem, result, unavailable } from './answers.ts';
import type { IqEntry } from './iq.ts';

/** XEP-0356 §4.4: a server tells of a change in its user's contact list (356-14). What it comes to for us is said by presence, too. */
export const rosterPush: IqEntry = {
  ns: 'jabber:iq:roster',
  name: 'query',
  set: (_, stanza) => answer(stanza.from.resource === '' ? result(stanza) : unavailable(stanza)),
};

/** XEP-0199 §4.2 */
export const ping: IqEntry = {
  ns: PING,
  name: 'ping',
  feature: PING,
  get: (_, stanza) => answer(result(stanza)),
  open: true,
};

/** XEP-0092 §3; the operating system is nobody's business. */
export const softwareVersion: IqEntry = {
  ns: VERSION,
  name: 'query',
  feature: VERSION,
  get: ({ options }, stanza) => answer(result(stanza, version.write({ name: 'Isthmus', version: options.version }))),
};

/** XEP-0202 §3 */
export const entityTime: IqEntry = {
  ns: TIME,
  name: 'time',
  feature: TIME,
  get: ({ options }, stanza) => answer(result(stanza, time.write({ zone: '+00:00', utc: new Date(options.now()) }))),
};

/** XEP-0012 §4: how long we have been running. */
export const uptime: IqEntry = {
  ns: LAST,
  name: 'query',
  feature: LAST,
  get({ options }, stanza) {
    const seconds = Math.max(0, Math.floor((options.now() - options.startedAt) / 1000));
    return answer(result(stanza, lastActivity.write({ seconds, status: '' })));
  },
};

const forbidden: NonNullable<IqEntry['set']> = (_, stanza) =>
  answer(deny(stanza, { type: 'auth', condition: 'forbidden', text: 'This card can not be changed from here' }));

/** XEP-0054 §3.3: no card is an empty card (CHECKLIST 054-01). */
export const noCard: IqEntry = {
  ns: VCARD,
  name: 'vCard',
  feature: VCARD,
  get: (_, stanza) => answer(result(stanza, vcard.write({}))),
  set: forbidden,
};

/** The gateway's own. */
export const ownCard: IqEntry = {
  ...noCard,
  get: ({ options }, stanza) =>
    answer(
      result(
        stanza,
        vcard.write({
          fullName: options.about.name,
          description: `${options.about.name}, by way of Isthmus ${options.version}`,
        }),
      ),
    ),
};

/** XEP-0060: there are no nodes here (CHECKLIST 060-01), so that nobody is offered encryption either (380-03). */
export const noNodes: IqEntry = {
  ns: PUBSUB,
  name: 'pubsub',
  get: (_, stanza) => answer(noSuchItem(stanza)),
  set(_, stanza) {
    const asked = firstChild(child(stanza.el, 'pubsub', PUBSUB) ?? stanza.el)?.name ?? '';
    const feature = asked === 'publish' || asked === 'subscribe' ? asked : undefined;
    const error = { type: 'cancel', condition: 'feature-not-implemented' };
    const detail =
      feature === undefined
        ? undefined
        : xml`<unsupported xmlns='http://jabber.org/protocol/pubsub#errors' feature=${feature}/>`;
    return answer({ ...reply(stanza, 'error'), body: writeError(error, detail) });
  },
};
