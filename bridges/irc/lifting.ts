/** Which masks keep somebody out: those that we set ourselves are known, of all others the channel's list of bans is asked. */
import { type ChatId, GatewayError, type PersonId } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { matches } from './wire/mask.ts';

/** Why it is not told where somebody comes from; their bans are then known by the nick alone. */
const untold: ReadonlySet<string> = new Set(['no-such-person', 'too-fast', 'timed-out']);

/** Throws where the list names nobody of that nick, unless they are here: then nothing keeps them out. */
export async function masksOn(core: Core, chat: ChatId, channel: Channel, person: PersonId, signal: AbortSignal) {
  const folded = core.fold(person);
  const rows = await core.bans.list(chat, signal);
  const address = rows.length === 0 ? undefined : await addressOf(core, folded, signal);
  const masks = rows.map(({ mask }) => mask).filter((mask) => isOf(core, mask, folded, address));
  if (masks.length === 0 && !channel.members.has(folded)) {
    throw new GatewayError('no-such-person', {
      text: `No ban of ${person} is known in ${channel.name}. A ban is a mask: it is lifted by the mask that the list of bans shows.`,
    });
  }
  return masks;
}

/** `user@host`, from a channel that we share, or asked of the server. */
async function addressOf(core: Core, folded: string, signal: AbortSignal): Promise<string | undefined> {
  for (const { members } of core.channels.values()) {
    const address = members.get(folded)?.address ?? '';
    if (address !== '') return address;
  }
  try {
    return (await core.whois.ask(folded, signal)).address;
  } catch (error) {
    if (error instanceof GatewayError && untold.has(error.code)) return undefined;
    throw error;
  }
}

/** Does it name this nick, or exactly this host? One that is wider keeps others out too, which nobody asked to lift. */
function isOf(core: Core, mask: string, folded: string, address: string | undefined): boolean {
  const [, nick = '', user = '', host = ''] = /^([^!@]+)!([^@]+)@([^@]+)$/.exec(mask) ?? [];
  if (nick === '') return false;
  if (core.fold(nick) === folded) return true;
  if (address === undefined || /[*?]/.test(host)) return false;
  const at = address.indexOf('@');
  const isTheirHost = host.toLowerCase() === address.slice(at + 1).toLowerCase();
  return (
    isTheirHost && matches(core.fold(nick), folded) && matches(user.toLowerCase(), address.slice(0, at).toLowerCase())
  );
}
