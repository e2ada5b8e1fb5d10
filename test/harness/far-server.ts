/** Another XMPP server with a MUC service, which the test's own reaches by s2s over links that a test cuts and heals. */
import { expect } from 'vitest';
import { overTcp } from './client-socket.ts';
import { startEjabberd } from './ejabberd.ts';
import { type Prosody, startProsody } from './prosody.ts';
import { type Relay, startRelay } from './relay.ts';
import { gatewayDomain } from './world.ts';
import { connectXmpp, type XmppClient } from './xmpp-client.ts';

/** The ways between two servers, there before either of them. */
export interface Link extends AsyncDisposable {
  /** For the near one. */
  readonly reaches: Readonly<Record<string, number>>;
  /** For the far one. */
  readonly back: Readonly<Record<string, number>>;
  /** They are there. */
  connect(near: Prosody, far: Prosody): void;
  /** `refused`: no connection comes about; `silent`: nothing comes of those that do. What there is breaks. */
  cut(how: 'refused' | 'silent'): void;
  /** Resolves when one has tried to reach the other since it was cut. What the other says may be lost in the line that breaks: it need not try. */
  tried(): Promise<void>;
  /** Where it was cut. */
  heal(): void;
}

export const farDomain = 'far.test';
export const farMuc = 'conference.far.test';
const password = 'pw';

export async function openLink(): Promise<Link> {
  await using stack = new AsyncDisposableStack();
  const [there, back] = [stack.use(await startRelay()), stack.use(await startRelay())];
  let ports: readonly [number, number] = [0, 0];
  const lead = (to: readonly [number, number]): void => {
    [there.to, back.to] = to;
    for (const one of [there, back] satisfies Relay[]) one.cut();
  };
  let isCut = false;
  let before = 0;
  const guests = (): number => there.guests.length + back.guests.length;
  const all = stack.move();
  return {
    reaches: { [farDomain]: there.port, [farMuc]: there.port },
    back: { localhost: back.port, [gatewayDomain]: back.port },
    connect(near, far) {
      ports = [far.s2sPort, near.s2sPort];
      lead(ports);
    },
    cut(how) {
      lead(how === 'silent' ? [0, 0] : [1, 1]);
      isCut = true;
      before = guests();
    },
    async tried() {
      await expect.poll(guests, { timeout: 60_000 }).toBeGreaterThan(before);
    },
    heal() {
      if (isCut) lead(ports);
      isCut = false;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

export interface FarServer extends AsyncDisposable {
  readonly server: Prosody;
  jabber(user: string, resource: string): Promise<XmppClient>;
}

/** @param users who has an account there */
export async function startFarServer(
  kind: 'prosody' | 'ejabberd',
  { back }: Pick<Link, 'back'>,
  users: readonly string[],
): Promise<FarServer> {
  const start = kind === 'ejabberd' ? startEjabberd : startProsody;
  const accounts = Object.fromEntries(users.map((name) => [name, password]));
  // Without any it listens to none, and is not known to be ready.
  const components = { [`nobody.${farDomain}`]: 'nobody comes' };
  const server = await start({ domain: farDomain, muc: farMuc, components, users: accounts, reaches: back });
  const way = overTcp({ port: server.port, password });
  return {
    server,
    jabber: (user, resource) => connectXmpp({ user, domain: farDomain, resource }, way),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
