/** Keeps users from probing the operator's network through us: which addresses are not public, and a resolver that refuses them. */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { GatewayError } from '../core/errors.ts';

/** Special-purpose ranges (RFC 6890 and its registries) that no public IRC server has. */
const ranges: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Those that hold an IPv4 address (mapped, NAT64, 6to4, Teredo) are refused whole. */
const ranges6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** A list each: in one, a range of mapped addresses would match all of IPv4. */
const blocked = { ipv4: listOf(ranges, 'ipv4'), ipv6: listOf(ranges6, 'ipv6') } as const;

function listOf(nets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): Pick<BlockList, 'check'> {
  const list = new BlockList();
  for (const [net, bits] of nets) list.addSubnet(net, bits, family);
  return list;
}

/** Is this literal IP address in a private, loopback or otherwise special range? False for a name. */
export function isPrivateAddress(text: string): boolean {
  switch (isIP(text)) {
    case 4:
      return blocked.ipv4.check(text, 'ipv4');
    case 6:
      return blocked.ipv6.check(text, 'ipv6');
    default:
      return false;
  }
}

/** Names that lead nowhere but into a network of somebody's own (RFC 6761, RFC 6762, RFC 8375), and those without a dot. */
export const isLocalName = (text: string): boolean =>
  isIP(text) === 0 &&
  (/\.(?:local|localhost|internal|intranet|lan|home|corp|home\.arpa)\.?$/i.test(text) || !/[^.]\.[^.]/.test(text));

export const privateRefused = (name: string): GatewayError =>
  new GatewayError('network-refused', {
    text: `${name} is in a private network, where this gateway does not connect to unless its operator lists the server.`,
  });

/** Finds all addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A resolver for `connect` that passes on public addresses only, so that what was checked is what is connected to.
 * Fails with the GatewayError `network-refused` where there is no other.
 */
export function publicLookup(name: string, resolve: Resolve = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const open = addresses.filter((one) => !isPrivateAddress(one.address));
      const first = open[0];
      if (first === undefined) callback(privateRefused(name), []);
      else if (options.all === true) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}
