/** kill -9 between the steps of a registration and in the middle of each: there is no account, or there is one that works, and nothing between. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import { isWhole } from '../harness/matrix.ts';
import { until } from '../harness/process.ts';
import { type Guest, type Relay, startRelay } from '../harness/relay.ts';
import { type Fields, submit } from '../harness/requests.ts';
import { useWorld } from '../harness/scenario.ts';
import { gatewayDomain, type WorldOptions } from '../harness/world.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

const ns = 'http://jabber.org/protocol/commands';
/** The test's server behind a wire of ours, which can be cut and watched. */
const wired = 'wired.test';
const limitMs = 60_000;

async function step(client: XmppClient, attrs: string, fields?: Fields): Promise<Element> {
  const form = fields === undefined ? '' : submit(fields);
  return client.ask(
    `<iq type='set' to='${gatewayDomain}'><command xmlns='${ns}' ${attrs}>${form}</command></iq>`,
    30_000,
  );
}

const commandIn = (iq: Element): Element | undefined => child(iq, 'command', ns);

/** Begins a registration; what sends the form back. */
async function begins(client: XmppClient): Promise<(fields: Fields) => Promise<Element>> {
  const form = commandIn(await step(client, `node='register'`));
  expect(form?.attrs.status).toBe('executing');
  return (fields) => step(client, `node='register' sessionid='${form?.attrs.sessionid}' action='complete'`, fields);
}

/** The accounts that somebody has, each with how it is. */
async function accountsOf(client: XmppClient): Promise<readonly (readonly string[])[]> {
  const list = commandIn(await step(client, `node='accounts'`));
  return childrenOf(child(list, 'x', 'jabber:x:data'), 'field').map((row) => [
    row.attrs.label ?? '',
    ...childrenOf(row, 'value').map((value) => textOf(value).replace(/^[^:]*: /, '')),
  ]);
}

async function isRegistered(client: XmppClient): Promise<boolean> {
  const answer = await client.ask(
    `<iq type='get' to='${gatewayDomain}'><query xmlns='jabber:iq:register'/></iq>`,
    30_000,
  );
  expect(answer.attrs.type).toBe('result');
  return child(child(answer, 'query'), 'registered') !== undefined;
}

/** Where commands run in workers, only those are killed: the edge has nothing of a registration. */
const worlds: readonly (readonly [string, Pick<WorldOptions, 'server' | 'roles'>])[] = [
  ['one process, Prosody', {}],
  ...(isWhole() ? others() : []),
];

function others(): typeof worlds {
  const split = { roles: ['edge', 'worker', 'worker'] } as const;
  const onEjabberd = { server: 'ejabberd' } as const;
  return [
    ['edge and workers, Prosody', split],
    ...(hasEjabberd()
      ? ([
          ['one process, ejabberd', onEjabberd],
          ['edge and workers, ejabberd', { ...split, ...onEjabberd }],
        ] as const)
      : []),
  ];
}

describe.each(worlds)('killed, %s', (_name, options) => {
  let relay: Relay | undefined;
  beforeAll(async () => {
    relay = await startRelay();
  });
  const world = useWorld({
    ...options,
    ircd: 'services',
    servers: () => ({ [wired]: { address: [`127.0.0.1:${relay?.port}`], tls: 'off' } }),
  });
  afterAll(async () => {
    await relay?.[Symbol.asyncDispose]();
  });

  /** Somebody with an account there, and what they fill in. */
  async function arrives() {
    const { ircd } = world();
    if (relay !== undefined) relay.to = ircd.port;
    const username = `capulet${world().next()}`;
    const services = await world().irc(username);
    services.say('NickServ', `REGISTER sesame ${username}@verona.example`);
    await services.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);
    services.close();
    const client = await world().jabber(world().newUser(), 'phone');
    return { client, username, filled: { server: wired, username, password: 'sesame' } };
  }

  async function dies(): Promise<void> {
    const mortal = world().gateway.members.filter(({ role }) => role !== 'edge');
    await Promise.all(mortal.map((one) => one.kill()));
    await Promise.all(mortal.map((one) => one.start()));
  }

  /** Those who come from now on. */
  function watched(): () => readonly Guest[] {
    const before = relay?.guests.length ?? 0;
    return () => relay?.guests.slice(before) ?? [];
  }

  const hasSaid = (guests: () => readonly Guest[], what: string) => () =>
    guests().some(({ said }) => said.includes(what));

  /** Killed in the middle of a registration, once the network has heard that. Nobody is left to answer the client. */
  async function diesOnce(client: XmppClient, filled: Fields, heard: string) {
    const submits = await begins(client);
    const guests = watched();
    const unanswered = submits(filled).catch(() => undefined);
    await until(`the network has heard ${heard}`, hasSaid(guests, heard));
    await dies();
    return { unanswered };
  }

  async function mustHaveNone(client: XmppClient): Promise<void> {
    expect(await accountsOf(client)).toEqual([]);
    expect(await isRegistered(client)).toBe(false);
  }

  async function mustWork(client: XmppClient, username: string): Promise<void> {
    expect((await accountsOf(client)).map(([label]) => label)).toEqual([username]);
    expect(await isRegistered(client)).toBe(true);
    await client.join(`#verona%${wired}@${gatewayDomain}`, username);
    const looker = await world().irc(`looker${world().next()}`);
    looker.send(`WHOIS ${username}`);
    await looker.expect(new RegExp(` 330 \\S+ ${username} ${username} :`));
    looker.close();
  }

  async function registers(client: XmppClient, filled: Fields, username: string): Promise<void> {
    const done = commandIn(await (await begins(client))(filled));
    expect(done?.attrs.status).toBe('completed');
    await mustWork(client, username);
  }

  test(
    '050-07 with the form open, and after a wrong answer: the form is expired, nothing is there, and it can be begun anew',
    async () => {
      const { client, username, filled } = await arrives();
      const first = await begins(client);
      await dies();
      const expired = await first(filled);
      expect(child(child(expired, 'error'), 'session-expired')).toBeDefined();
      await mustHaveNone(client);
      const again = await begins(client);
      const wrong = commandIn(await again({ ...filled, password: 'open' }));
      expect(wrong?.attrs.status).toBe('executing');
      await dies();
      await mustHaveNone(client);
      await registers(client, filled, username);
    },
    limitMs,
  );

  test(
    'while the network is being asked: nothing is there',
    async () => {
      const { client, username, filled } = await arrives();
      if (relay !== undefined) relay.to = 0;
      const { unanswered } = await diesOnce(client, filled, 'NICK');
      if (relay !== undefined) relay.to = world().ircd.port;
      await mustHaveNone(client);
      await registers(client, filled, username);
      client.cut();
      await unanswered;
    },
    limitMs,
  );

  test(
    'in the moment in which the network takes it: there is none, or one that works',
    async () => {
      const { client, username, filled } = await arrives();
      const { unanswered } = await diesOnce(client, filled, 'CAP END');
      if ((await accountsOf(client)).length > 0) await mustWork(client, username);
      else {
        await mustHaveNone(client);
        await registers(client, filled, username);
      }
      client.cut();
      await unanswered;
    },
    limitMs,
  );

  test(
    '077-05 as soon as it is said to be done: it is there, and connects by itself',
    async () => {
      const { client, username, filled } = await arrives();
      const done = commandIn(await (await begins(client))(filled));
      expect(done?.attrs.status).toBe('completed');
      await dies();
      await mustWork(client, username);
    },
    limitMs,
  );
});
