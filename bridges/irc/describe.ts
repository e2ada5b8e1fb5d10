/** How a connection is, for its owner (`Session.describe`). Of the server nothing is asked but a PING. */
import type { Clock, GatewayError } from '#bridge';
import type { CharsetNames } from './charsets.ts';
import type { Core, Link } from './core.ts';
import type { Profile } from './settings.ts';
import { spelled } from './whois-facts.ts';

/** Since when the connection has been as it is, epoch milliseconds; and why it was lost, where it is. */
export interface Life {
  readonly at: number;
  readonly lost?: GatewayError;
}

interface Fact {
  readonly label: string;
  readonly value: string;
}

const answerMs = 5000;
const fact = (label: string, value: string): Fact => ({ label, value });

/** In an order that makes sense. Rejects with the signal's reason. */
export async function describe(core: Core, profile: Profile, life: Life, signal: AbortSignal): Promise<Fact[]> {
  // First, as what is told is what is so behind it.
  const lag = core.ready ? await lagOf(core, signal) : '';
  const { link, server, clock } = core;
  const named = fact(
    'Server',
    core.support.network === undefined ? server.name : `${server.name} (${core.support.network})`,
  );
  if (link === undefined || !core.ready) {
    const why = life.lost === undefined ? [] : [fact('Reason', life.lost.message)];
    return [named, fact('Connection', `lost ${since(life, clock)}; it is being made again`), ...why];
  }
  const account = link.account();
  const capabilities = link.capabilities();
  return [
    named,
    ...wayOf(link, profile),
    fact('Connected', since(life, clock)),
    fact('Lag', lag),
    fact('You are', core.nick === core.wanted ? core.nick : `${core.nick} (${core.wanted} is wanted)`),
    fact('Logged in', account === undefined ? 'no' : `as ${account}`),
    ...(core.appearance.text === '' ? [] : [fact('Away', core.appearance.text)]),
    fact('Encoding', encodingOf(profile.encodings, core.support.utf8only)),
    fact('Capabilities', capabilities.length === 0 ? 'none' : [...capabilities].sort().join(', ')),
  ];
}

/** Where it leads, and who could read along. */
function wayOf({ where, transport }: Link, { server, identity }: Profile): readonly Fact[] {
  const { host, port } = where;
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const address = fact('Address', server.proxy === undefined ? place : `${place}, through a proxy`);
  const { encryption } = transport;
  if (encryption === undefined) return [address, fact('Encryption', 'none')];
  const { protocol, cipher, verified } = encryption;
  const proof = verified
    ? 'verified'
    : server.pin === undefined
      ? 'not verified'
      : 'the one with the fingerprint that is set';
  return [
    address,
    fact('Encryption', `${protocol} (${cipher})`),
    fact('Certificate of the server', proof),
    ...(identity.certificate === undefined ? [] : [fact('Your certificate', 'shown to the server')]),
  ];
}

/** How long the server takes to answer now. */
async function lagOf({ clock, pings }: Core, signal: AbortSignal): Promise<string> {
  const from = clock.now();
  const over = new AbortController();
  const answered = new Promise<string>((resolve) => pings.ping(1, () => resolve(`${clock.now() - from} ms`)));
  const late = clock
    .sleep(answerMs, AbortSignal.any([signal, over.signal]))
    .then(() => `no answer within ${answerMs / 1000} seconds`);
  try {
    return await Promise.race([answered, late]);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}

function encodingOf({ in: inward, out }: CharsetNames, utf8only: boolean): string {
  if (utf8only) return 'UTF-8, and nothing else';
  const read = inward === undefined || inward === 'utf-8' ? 'windows-1252' : inward;
  return `sent in ${out ?? 'utf-8'}; what comes and is not UTF-8 is read as ${read}`;
}

const since = ({ at }: Life, clock: Clock): string =>
  `since ${new Date(at).toISOString().slice(0, 19)}Z (${spelled(Math.floor((clock.now() - at) / 1000))})`;
