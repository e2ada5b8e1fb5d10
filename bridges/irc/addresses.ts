/**
 * biboumi's addresses (DESIGN.md §5): `#channel%server`, `nick%server`, `server`; with a fixed server `#channel`, `nick` and nothing.
 * What a localpart can't hold is escaped, '%' in names too, so that the last '%' is always the border: whoever writes one in a channel's name as it is means
 * the name, for no server's has one. biboumi's border is the first; what it made of such an address led nowhere.
 */
import {
  type Address,
  type Addresses,
  chatId,
  decodeLocal,
  encodeLocal,
  GatewayError,
  isPrivateAddress,
  personId,
  privateRefused,
} from '#bridge';
import { type IrcConfig, isListed } from './config.ts';
import { channelTypes, isChannelName, isNick, isServerName } from './names.ts';

export function createAddresses(config: IrcConfig): Addresses {
  const fixed = config.fixedServer;
  return {
    isOneServer: fixed !== undefined,
    format: (address) => (fixed === undefined ? formatOn(address) : formatName(address)),
    parse: (localpart) => (fixed === undefined ? parseOn(localpart) : parseName(localpart)),
    title(address) {
      const on = address.on ?? fixed ?? 'IRC';
      return address.is === 'service' ? on : titleOn(address.id, on);
    },
    refuse(address) {
      const server = address.on ?? fixed;
      if (server === undefined) {
        if (address.is === 'service') return undefined;
        return new GatewayError('bad-address', {
          text: 'An address on IRC names its server: #channel%irc.example.org.',
        });
      }
      return refuseServer(config, server);
    },
  };
}

/** What a channel or person is called in the gateway, where several servers may have one of that name: before somebody is in the room and after. */
export const titleOn = (name: string, server: string): string => `${name} on ${server}`;

function refuseServer(config: IrcConfig, server: string): GatewayError | undefined {
  if (isListed(config, server)) return undefined;
  if (config.onlyListed) {
    return new GatewayError('no-such-server', { text: `${server} is not among the IRC servers of this gateway.` });
  }
  return !config.privateAddresses && isPrivateAddress(server) ? privateRefused(server) : undefined;
}

/** The characters that make a localpart a room's stay readable: all are in JID-05's alphabet but '&', which is escaped. */
function formatName(address: Address): string {
  return address.is === 'service' ? '' : encodeLocal(address.id).replaceAll('%', '=25');
}

function formatOn(address: Address): string {
  const name = formatName(address);
  const server = encodeLocal(address.on ?? '').replaceAll('%', '=25');
  return address.is === 'service' ? server : `${name}%${server}`;
}

function parseOn(localpart: string): Address | undefined {
  if (localpart === '') return { is: 'service' };
  const border = localpart.lastIndexOf('%');
  const on = decodeLocal(localpart.slice(border + 1)).toLowerCase();
  if (!isServerName(on)) return undefined;
  if (border < 0) return { is: 'service', on };
  const named = parseName(localpart.slice(0, border));
  return named === undefined || named.is === 'service' ? undefined : { ...named, on };
}

function parseName(localpart: string): Address | undefined {
  if (localpart === '') return { is: 'service' };
  const name = decodeLocal(localpart);
  if (channelTypes.includes(name.charAt(0))) return isChannelName(name) ? { is: 'room', id: chatId(name) } : undefined;
  return isNick(name) ? { is: 'person', id: personId(name) } : undefined;
}
