/** How the gateway comes to an IRC server and what the server sees of whom: from which address, through which proxy, under whose name. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal } from '../harness/expectations.ts';
import { child, textOf } from '../harness/markup.ts';
import { type Microsocks, startMicrosocks } from '../harness/microsocks.ts';
import { freePort } from '../harness/ports.ts';
import { type Relay, startRelay } from '../harness/relay.ts';
import { fills } from '../harness/requests.ts';
import { useWorld } from '../harness/scenario.ts';
import { type IrcPerson, type JabberPerson, type Person, Stage } from '../harness/stage.ts';
import { gatewayDomain, type MoreServers } from '../harness/world.ts';

/** Loopback addresses of this test's own: others run beside it. */
const net = `127.${1 + Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`;
const [guarded, open, asked] = [`${net}.1`, `${net}.2`, `${net}.3`];
const pool = [`${net}.4`, `${net}.5`, `${net}.6`];
const login = ['romeo', 'a:secret@/ of ours'] as const;

let proxies: { readonly guarded: Microsocks; readonly open: Microsocks } | undefined;
/** The server as nobody may reach it but through a proxy. */
let relay: Relay | undefined;
let deadPort = 0;
beforeAll(async () => {
  proxies = { guarded: await startMicrosocks(guarded, login), open: await startMicrosocks(open) };
  relay = await startRelay();
  deadPort = await freePort();
});
afterAll(async () => {
  await proxies?.guarded[Symbol.asyncDispose]();
  await proxies?.open[Symbol.asyncDispose]();
  await relay?.[Symbol.asyncDispose]();
});

/** Names that all lead to one InspIRCd, or that would. */
function serversOf({ port }: { readonly port: number }): MoreServers {
  const there = { address: [`127.0.0.1:${port}`], tls: 'off' };
  const behind = { address: [`127.0.0.1:${relay?.port}`], tls: 'off' };
  const proxyOf = (password: string): string =>
    `socks5://${login[0]}:${encodeURIComponent(password)}@127.0.0.1:${proxies?.guarded.port}`;
  return {
    'proxied.test': { ...there, proxy: proxyOf(login[1]) },
    'wrong.test': { ...behind, proxy: proxyOf('not-the-one') },
    'unnamed.test': { ...behind, proxy: `socks5://127.0.0.1:${proxies?.guarded.port}` },
    'dead.proxy.test': { ...behind, proxy: `socks5://127.0.0.1:${deadPort}` },
    'own.test': there,
    'behind.test': behind,
    'asked.test': { ...there, bind: asked },
    'webirc.test': { ...there, webirc: { password: 'webircpw' } },
    'wrong.webirc.test': { ...there, webirc: { password: 'not-the-one' } },
    'pool.test': { ...there, bind: pool },
  };
}

const world = useWorld({
  ircd: 'inspircd',
  inspircd: { ident: true, webirc: true },
  irc: { privateAddresses: true, identd: { host: asked } },
  servers: serversOf,
});

const roomOn = (stage: Stage, server: string): string => `${stage.channel}%${server}@${gatewayDomain}`;

/** What others see before and behind the @ of these people's addresses. */
async function whois(juliet: IrcPerson, people: readonly Person[]) {
  const seen: { readonly user: string; readonly host: string }[] = [];
  for (const { nick } of people) {
    juliet.client.send(`WHOIS ${nick}`);
    const [, user = '', host = ''] = await juliet.client.expect(new RegExp(` 311 \\S+ ${nick} (\\S+) (\\S+) `));
    seen.push({ user, host });
  }
  return seen;
}

async function twoOn(stage: Stage, server: string): Promise<readonly JabberPerson[]> {
  const two = [await stage.jabber('romeo'), await stage.jabber('mercutio')];
  await Promise.all(two.map((one) => one.enters(roomOn(stage, server))));
  return two;
}

const refusalOf = async (person: JabberPerson, room: string) => {
  const { condition, presence } = await refusal(person.enters(room));
  return { condition, text: textOf(child(child(presence, 'error'), 'text')) };
};

async function setsProxy(person: JabberPerson, server: string, port: number): Promise<void> {
  const done = await fills(person, `${server}@${gatewayDomain}`, 'configure', { proxy: `socks5://127.0.0.1:${port}` });
  expect(done?.attrs.status).toBe('completed');
}

describe.concurrent('through a SOCKS5 proxy', () => {
  test.concurrent('the operator’s, with a login', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    const romeo = await stage.jabber('romeo');
    await romeo.enters(roomOn(stage, 'proxied.test'));
    expect(await whois(juliet, [romeo])).toMatchObject([{ host: guarded }]);
  });

  test.concurrent('a user’s own; one that is set to a dead one is told so, and is not gone around', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    const romeo = await stage.jabber('romeo');
    await setsProxy(romeo, 'own.test', proxies?.open.port ?? 0);
    await romeo.enters(roomOn(stage, 'own.test'));
    expect(await whois(juliet, [romeo])).toMatchObject([{ host: open }]);
    await setsProxy(romeo, 'behind.test', deadPort);
    expect((await refusalOf(romeo, roomOn(stage, 'behind.test'))).text).toMatch(/proxy .* cannot be reached/);
    expect(relay?.guests).toEqual([]);
  });

  test.concurrent.each([
    ['wrong.test', 'wants a login that it was not given'],
    ['unnamed.test', 'wants a login that it was not given'],
    ['dead.proxy.test', 'cannot be reached'],
  ])(
    'that does not let us in the join is refused with the reason, and nothing is sent past it: %s',
    async (server, why) => {
      await using stage = new Stage(world());
      const romeo = await stage.jabber('romeo');
      const { condition, text } = await refusalOf(romeo, roomOn(stage, server));
      expect(condition).toMatch(/^remote-server-(timeout|not-found)$/);
      expect(text).toBe(`The proxy on the way to 127.0.0.1:${relay?.port} ${why}.`);
      const log = world().gateway.member('all').running.output();
      expect(log).not.toContain('not-the-one');
      expect(relay?.guests).toEqual([]);
    },
  );
});

describe.concurrent('what the server sees', () => {
  // Servers ask on port 113, where only root may listen.
  const asRoot = process.getuid?.() === 0 ? test.concurrent : test.skip;
  asRoot('the identd’s answer, each user’s own', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    const two = await twoOn(stage, 'asked.test');
    const users = two.map(({ client }) => createHash('sha1').update(client.bare).digest('hex'));
    expect(await whois(juliet, two)).toEqual(users.map((user) => ({ user, host: asked })));
  });

  test.concurrent('an address of each user’s own, by WEBIRC', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    const hosts = (await whois(juliet, await twoOn(stage, 'webirc.test'))).map(({ host }) => host);
    expect(hosts).toEqual([expect.stringMatching(/^fd[0-9a-f:]+$/), expect.stringMatching(/^fd[0-9a-f:]+$/)]);
    expect(new Set(hosts).size).toBe(2);
    const tybalt = await stage.jabber('tybalt');
    const { text } = await refusalOf(tybalt, roomOn(stage, 'wrong.webirc.test'));
    expect(text).toMatch(/^wrong\.webirc\.test closed the connection: .*WEBIRC/);
  });
});

test('after a restart everybody comes from where they came from', async () => {
  await using stage = new Stage(world());
  const juliet = await stage.irc('juliet');
  const people = await Promise.all(Array.from({ length: 8 }, (_, n) => stage.jabber(`r${n}x`)));
  const servers = people.map((_, n) => (n < 6 ? 'pool.test' : 'webirc.test'));
  await Promise.all(people.map((one, n) => one.enters(roomOn(stage, servers[n] ?? ''))));
  const before = await whois(juliet, people);
  const fromPool = before.slice(0, 6).map(({ host }) => host);
  expect(fromPool.filter((host) => !pool.includes(host))).toEqual([]);
  expect(new Set(fromPool).size).toBeGreaterThan(1);
  await juliet.enters();
  await world().gateway.member('all').stop();
  for (const one of people) await juliet.sees(one, 'QUIT');
  await world().gateway.start();
  await Promise.all(people.map((one) => juliet.sees(one, 'JOIN')));
  expect(await whois(juliet, people)).toEqual(before);
});
