/** Requests to somebody in the room that the network answers: card, software, time, idle time. Only occupants may ask (XEP-0045 §17.4). */
import { firstChild } from '../../xml/query.ts';
import { occupantQuestions as known, personQuestion, questionIn } from '../contacts/person-questions.ts';
import { saidIn } from '../translation.ts';
import type { RoomFeature } from './feature.ts';
import { refuseWith } from './origin.ts';
import { isAmong } from './room.ts';

/** Asked of the network about the person behind the nick, and answered when it has answered. */
export const occupantQuestions: RoomFeature = {
  hears: {
    iq({ context }, room, stanza) {
      const payload = firstChild(stanza.el);
      if (stanza.type !== 'get' || stanza.to.resource === '' || payload === undefined) return undefined;
      const question = questionIn(known, payload);
      if (question === undefined) return undefined;
      if (!isAmong(room, stanza.from.full)) {
        return { stanzas: [refuseWith(stanza, 'cancel', 'not-acceptable', room.jid)] };
      }
      const occupant = room.people.called(stanza.to.resource);
      if (occupant === undefined) return { stanzas: [refuseWith(stanza, 'cancel', 'item-not-found', room.jid)] };
      const say = (text: string): string => saidIn(text, stanza.lang, context.translate).text;
      return { stanzas: [], question: personQuestion(question, stanza, occupant.person, say) };
    },
  },
};
