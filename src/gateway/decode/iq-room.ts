/** Requests to rooms and occupants. What depends on who is in goes to the room's face; the rest is answered here. */
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import { MUC_ADMIN, MUC_OWNER, MUC_TRAFFIC } from '../../xmpp/xep/0045-muc.ts';
import { COMMANDS } from '../../xmpp/xep/0050-commands.ts';
import { VCARD, vcard } from '../../xmpp/xep/0054-vcard.ts';
import { PING } from '../../xmpp/xep/0199-ping.ts';
import type { Catalogue } from '../commands/catalogue.ts';
import { roomSettings } from '../commands/room-settings.ts';
import { occupantQuestions } from '../contacts/person-questions.ts';
import { emptyInfo } from '../disco.ts';
import { placeName } from '../labels.ts';
import { fromOutside } from '../rooms/from-outside.ts';
import { answer, mail, result } from './answers.ts';
import { type IqEntry, type IqHandler, type IqTables, iqTable } from './iq.ts';
import { roomArchive } from './iq-archive.ts';
import { aboutCommands, commandsAt } from './iq-commands.ts';
import { noCard, noNodes, ping } from './iq-small.ts';
import { moderate } from './moderate.ts';
import { moderateMessage } from './moderate-message.ts';
import type { Target } from './scope.ts';

type Room = Extract<Target, { is: 'room' }>;

/** XEP-0054 §3.2: the card is not its asker's. */
const noSet = noCard.set === undefined ? {} : { set: noCard.set };
const toFace: IqHandler<Room> = (scope, stanza, _, target) => mail(scope, stanza, target);

/** Of a message only what the network can say passes, so the list of extensions that do is empty (XEP-0045 §18.1.1, CHECKLIST 45-14). */
const info: IqEntry<Room> = {
  ns: DISCO_INFO,
  name: 'query',
  get: (scope, stanza, payload, target) =>
    payload.attrs.node === MUC_TRAFFIC
      ? answer(result(stanza, emptyInfo(MUC_TRAFFIC)))
      : (aboutCommands(scope, stanza, payload, target) ?? mail(scope, stanza, target)),
};
const items: IqEntry<Room> = { ns: DISCO_ITEMS, name: 'query', get: toFace };
const roomItems: IqEntry<Room> = {
  ...items,
  get: (scope, stanza, payload, target) => aboutCommands(scope, stanza, payload, target) ?? mail(scope, stanza, target),
};

/** The room's picture is known where its account runs (rooms/picture.ts); elsewhere the card is empty. */
const card: IqEntry<Room> = {
  ...noCard,
  get: (scope, stanza, _, { on }) => ({
    is: 'mail',
    account: scope.key(stanza.from, on),
    stanza,
    absent: async () => [result(stanza, vcard.write({}))],
  }),
};

/** One's own settings of a room can be had without a connection. */
const configure: IqHandler<Room> = (scope, stanza, _, target) => ({
  is: 'mail',
  account: scope.key(stanza.from, target.on),
  stanza,
  absent({ desk, account }) {
    const own = desk === undefined ? undefined : roomSettings(desk, account);
    const text = `You are not connected to ${placeName(target.on, scope.options.about.name)}: join the room to configure it.`;
    return fromOutside(stanza, target.chat, own, 'not-connected', text);
  },
});

/** To the room itself. */
export const roomTable = (catalogue: Catalogue): IqTables['room'] =>
  iqTable<Room>(
    info,
    roomItems,
    ping,
    card,
    noNodes,
    { ns: MUC_ADMIN, name: 'query', get: toFace, set: moderate },
    { ns: MUC_OWNER, name: 'query', get: configure, set: configure },
    ...moderateMessage,
    ...roomArchive,
    commandsAt(catalogue, 'room'),
  );

/** To somebody in it: discovery by others than occupants is refused, self-pings are answered by who asks (CHECKLIST 45-15, 410-03). */
export const occupantTable: IqTables['occupant'] = iqTable<Room>(
  { ...info, get: toFace },
  items,
  { ns: PING, name: 'ping', get: toFace },
  { ns: COMMANDS, name: 'command', set: toFace },
  ...occupantQuestions.map(({ ns, name }): IqEntry<Room> => ({ ns, name, get: toFace, ...(ns === VCARD && noSet) })),
  noNodes,
);
