/** The rooms that one is in, those there are, and coming into another: who types an address gets an invitation, which every client can open. */
import type { FormAnswer } from '../../bridge/commands.ts';
import type { Address } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import { type ChatId, chatId } from '../../core/ids.ts';
import { xml } from '../../xml/writer.ts';
import { directInvitation } from '../../xmpp/xep/0249-direct-invitations.ts';
import { exampleLocal, exampleRoom } from '../example-room.ts';
import { addressTyped, joinUri } from '../rooms/venue.ts';
import type { Command, Here } from './command.ts';

type RoomAddress = Extract<Address, { readonly is: 'room' }>;

const shownAtMost = 500;
const foundAtMost = 100;

const exampleFor = ({ addresses, is }: Here): string =>
  is === 'server' ? exampleRoom(addresses) : exampleLocal(addresses);

/** How one would have been written there, and how it is found by what it is called. */
function noRoom(here: Here): string {
  const { texts, session } = here;
  const written = texts.joinNoRoom(exampleFor(here));
  return session?.rooms.list === undefined ? written : `${written} (${texts.findRoomsHint})`;
}

const jidOf = ({ addresses }: Here, domain: string, address: Address): string =>
  `${addresses.format(address)}@${domain}`;

const roomAt = (id: ChatId, on: string | undefined): Address => ({ is: 'room', id, ...(on !== undefined && { on }) });

/** On that server, or on all. */
export const rooms = (domain: string): Command => ({
  title: (texts) => texts.rooms,
  help: (texts) => texts.roomsHelp,
  async *run(here) {
    const { texts, account, addresses, powers } = here;
    const accounts = (await powers.accounts(account.owner)).filter(({ on }) => here.is !== 'server' || on === here.on);
    const found: Record<string, string>[] = [];
    for (const { id, on } of accounts) {
      for (const { chat, local } of await powers.rooms(id)) {
        found.push({ name: addresses.title(roomAt(chat, on)), jid: `${local}@${domain}` });
      }
    }
    if (found.length === 0) return { notes: [{ is: 'info', text: texts.roomsNone }] };
    const shown = found.sort((a, b) => (a.name ?? '').localeCompare(b.name ?? '')).slice(0, shownAtMost);
    return {
      table: {
        columns: [
          { name: 'name', label: texts.roomsName },
          { name: 'jid', label: 'JID' },
        ],
        rows: shown,
      },
      ...(found.length > shown.length && {
        notes: [{ is: 'info' as const, text: texts.onlineMore(found.length - shown.length) }],
      }),
    };
  },
});

/** By name, for clients that can't browse: of networks whose rooms have numbers for addresses nobody else tells them. */
export const findRooms = (domain: string): Command => ({
  title: (texts) => texts.findRooms,
  help: (texts) => texts.findRoomsHelp,
  async *run(here) {
    const { texts, on } = here;
    const asked: FormAnswer = yield {
      title: texts.findRooms,
      fields: [{ name: 'name', label: texts.findRoom, help: texts.findRoomsText, type: 'text', required: true }],
    };
    const { session, signal } = here;
    if (session === undefined) throw new GatewayError('not-connected', { text: here.notConnected() });
    const name = String(asked.name);
    const match = name === '*' ? {} : { match: name };
    const found = (await session.rooms.list?.({ ...match, max: foundAtMost + 1 }, signal)) ?? [];
    if (found.length === 0) return { notes: [{ is: 'info', text: texts.findNoRooms(name) }] };
    const open = await openOn(here, domain, on);
    return {
      table: {
        columns: [
          { name: 'name', label: texts.roomsName },
          { name: 'jid', label: 'JID' },
        ],
        rows: found.slice(0, foundAtMost).map((one) => ({
          name: one.size === undefined ? one.name : `${one.name} (${one.size})`,
          jid: open.get(one.chat) ?? jidOf(here, domain, roomAt(one.chat, on)),
        })),
      },
      ...(found.length > foundAtMost && { notes: [{ is: 'info' as const, text: texts.findMore }] }),
    };
  },
});

/** "#room" where that names one, and as its address is written, with our domain or without; or the link that our invitations have. */
function roomNamed({ addresses, is, on }: Here, domain: string, text: string): RoomAddress | undefined {
  const name = addressTyped(text);
  const local = name.endsWith(`@${domain}`) ? name.slice(0, -domain.length - 1) : name;
  if (local === '' || local.includes('@')) return undefined;
  const whole = addresses.parse(local);
  // At a server its name need not be said.
  const here =
    is === 'server' && on !== undefined ? addresses.parse(addresses.format(roomAt(chatId(local), on))) : undefined;
  return [whole, here].find((address) => address?.is === 'room');
}

/** By which rooms are open there for who asks: a client that comes by another spelling of an address is only sent to this one (CHECKLIST 45-30). */
async function openOn(
  { powers, account }: Here,
  domain: string,
  there: string | undefined,
): Promise<ReadonlyMap<ChatId, string>> {
  const jids = new Map<ChatId, string>();
  for (const { id, on } of await powers.accounts(account.owner)) {
    if (on !== there) continue;
    for (const { chat, local } of await powers.rooms(id)) jids.set(chat, `${local}@${domain}`);
  }
  return jids;
}

/** The room invites who asks (XEP-0249 §2), with the password that they gave. */
export const join = (domain: string): Command => ({
  title: (texts) => texts.join,
  help: (texts) => texts.joinHelp,
  async *run(here) {
    const { texts, account, addresses } = here;
    const answer: FormAnswer = yield {
      title: texts.join,
      text: [texts.joinText],
      fields: [
        {
          name: 'room',
          label: texts.joinWhich,
          help: texts.joinHow(exampleFor(here)),
          type: 'text',
          required: true,
          objection: (value) => (roomNamed(here, domain, String(value)) === undefined ? noRoom(here) : undefined),
        },
        { name: 'password', label: texts.joinPassword, type: 'secret' },
      ],
    };
    const address = roomNamed(here, domain, String(answer.room));
    if (address === undefined) throw new GatewayError('bad-value', { text: noRoom(here) });
    const refused = addresses.refuse?.(address);
    if (refused !== undefined) throw refused;
    const jid = (await openOn(here, domain, address.on)).get(address.id) ?? jidOf(here, domain, address);
    const password = typeof answer.password === 'string' && answer.password !== '' ? answer.password : undefined;
    const invitation = directInvitation.write({ jid, ...(password !== undefined && { password }) });
    const title = addresses.title(address);
    here.afterwards([
      {
        kind: 'message',
        type: 'normal',
        from: jid,
        to: [account.owner],
        body: xml`<body>${texts.joinInvitation(title, joinUri(jid))}</body>${invitation}`,
      },
    ]);
    return { notes: [{ is: 'info', text: texts.joinInvited(title, jid) }] };
  },
});
