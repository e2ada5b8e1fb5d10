/**
 * The room's configuration (XEP-0045 §10.1, §10.2, §10.9; CHECKLIST 45-80 to 45-85). Whoever is in the room sees it, and the network decides who may change it.
 * What the user has set for themselves stands in the same form; that is theirs, in the room or not.
 */
import { GatewayError } from '../../core/errors.ts';
import { child } from '../../xml/query.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { DataForm } from '../../xmpp/xep/0004-data-forms.ts';
import { MUC_OWNER, MUC_ROOMCONFIG, mucOwner } from '../../xmpp/xep/0045-muc.ts';
import type { Heard, Question } from '../face.ts';
import type { FaceState, RoomFeature } from './feature.ts';
import { formOf, fromOutside } from './from-outside.ts';
import { fieldsOf, readForm } from './options-form.ts';
import { originOf, refuse, result } from './origin.ts';
import type { Room } from './room.ts';

const say = (...stanzas: readonly Outgoing[]): Heard => ({ stanzas });

/** Nothing can be set: an empty query (§10.1.3). */
const questionOfForm =
  (face: FaceState, room: Room, stanza: Stanza): Question =>
  async ({ session, signal }) => {
    const { lang } = stanza;
    const own = (await face.context.settingsFields?.fields(room.chat, lang)) ?? [];
    const options = await session?.rooms.options?.(room.chat, signal);
    const fields = [...(options === undefined ? [] : fieldsOf(options, room.settings.hasPassword)), ...own];
    const form = formOf(fields, 'The network decides who may change the room.', lang);
    return [result(stanza, mucOwner.write(fields.length === 0 ? {} : { form }))];
  };

function submit(face: FaceState, room: Room, stanza: Stanza, form: DataForm): Heard {
  const { settingsFields } = face.context;
  const own = settingsFields?.knows(form) === true;
  const reading = readForm(form, room.settings.hasPassword, stanza.lang);
  if ('objection' in reading) return say(refuse(stanza, 'bad-options', room.jid, reading.objection));
  const { change } = reading;
  const hasChange = Object.keys(change).length > 0;
  const ask = {
    intent: { kind: 'options', chat: room.chat, change },
    origin: originOf(stanza, 'iq', face.context.now()),
  } as const;
  if (settingsFields === undefined || !own) return hasChange ? { stanzas: [], ask } : say(result(stanza));
  const question: Question = async () => {
    await settingsFields.keep(room.chat, form, stanza.lang);
    return hasChange ? [] : [result(stanza)];
  };
  // What can't be kept is refused by the question, and then the room stays as it is: one request has one answer.
  return hasChange && settingsFields.accepts(form) ? { stanzas: [], ask, question } : { stanzas: [], question };
}

function configure(face: FaceState, room: Room, stanza: Stanza): Heard {
  if (!room.clients.has(stanza.from.full)) {
    const { settingsFields: own } = face.context;
    const text = 'Only who is in the room can configure it.';
    return { stanzas: [], question: () => fromOutside(stanza, room.chat, own, 'not-allowed-there', text) };
  }
  if (stanza.type === 'get') return { stanzas: [], question: questionOfForm(face, room, stanza) };
  const asked = mucOwner.in(stanza.el);
  if (asked?.destroy !== undefined) {
    const text = 'The room is the network’s: it does not end from here. You can leave it.';
    return say(refuse(stanza, 'network-refused', room.jid, text));
  }
  const form = asked?.form;
  if (form === undefined) return say(refuse(stanza, 'bad-request', room.jid, 'There is no form in it'));
  if (form.type === 'cancel') return say(result(stanza));
  if (form.type !== 'submit') return say(refuse(stanza, 'bad-request', room.jid, 'A form is submitted or cancelled'));
  return submit(face, room, stanza, form);
}

/** Seen and asked for here; changed by the network. */
export const configuration: RoomFeature = {
  namespaces: [MUC_ROOMCONFIG],
  hears: {
    iq(face, room, stanza) {
      if (stanza.to.resource !== '' || (stanza.type !== 'get' && stanza.type !== 'set')) return undefined;
      return child(stanza.el, 'query', MUC_OWNER) === undefined ? undefined : configure(face, room, stanza);
    },
  },
  checks(face, room, intent) {
    if (intent.kind !== 'options' || room === undefined || face.session === undefined) return;
    if (face.session.rooms.setOptions === undefined) {
      throw new GatewayError('network-cannot', { text: 'Rooms can not be configured on this network' });
    }
  },
};
