/** One domain's decoder: what every stanza that reaches it means, decided from the stanza and the configuration alone. */

import type { Stanza } from '../../xmpp/stanza.ts';
import { isOwnEcho } from '../contacts/own-messages.ts';
import type { Decoded, Decoder } from '../face.ts';
import { absent } from './absent.ts';
import { answer, ignored } from './answers.ts';
import { decodeIq, type IqTables } from './iq.ts';
import { contactTable } from './iq-contact.ts';
import { occupantTable, roomTable } from './iq-room.ts';
import { gatewayTable, serverTable } from './iq-service.ts';
import { decodeMessage } from './message.ts';
import { decodePlumbed } from './plumbed.ts';
import { decodePresence } from './presence.ts';
import { refuse } from './refuse.ts';
import { createScope, type DecoderOptions } from './scope.ts';
import { isUnspoken, notAdmitted } from './shared-accounts.ts';

export type { DecoderOptions } from './scope.ts';

export function createDecoder(options: DecoderOptions): Decoder {
  const scope = createScope(options);
  const { catalogue } = scope;
  const { table: gateway, presence } = gatewayTable(options, catalogue);
  const tables: IqTables = {
    gateway,
    server: serverTable(options, catalogue),
    room: roomTable(catalogue),
    occupant: occupantTable,
    contact: contactTable(catalogue),
  };
  function decode(stanza: Stanza): Decoded {
    const plumbed = decodePlumbed(scope, stanza);
    if (plumbed !== undefined) return plumbed;
    const barred = notAdmitted(scope, stanza);
    if (barred !== undefined && isUnspoken(stanza)) return ignored;
    if (barred !== undefined) return answer(...refuse(stanza, barred, options.translate));
    switch (stanza.kind) {
      case 'message':
        return isOwnEcho(stanza) ? ignored : decodeMessage(scope, stanza);
      case 'presence':
        return decodePresence(scope, stanza, presence);
      case 'iq':
        return decodeIq(scope, tables, stanza);
      default:
        return stanza.kind satisfies never;
    }
  }
  return {
    decode,
    absent: (stanza) => absent(scope, stanza),
    refuse: (stanza, error) => refuse(stanza, error, options.translate),
  };
}
