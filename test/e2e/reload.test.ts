/** An operator has the configuration read again: who may use the gateway is others at once, and nothing else is disturbed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { isWorker } from '../../src/delivery/routes.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { connectRedis } from '../../src/storage/redis/connect.ts';
import { workersOf } from '../../src/storage/redis/workers.ts';
import type { GatewayUnderTest } from '../harness/gateway.ts';
import { child, childrenOf, conditionOf, textOf } from '../harness/markup.ts';
import { runs } from '../harness/operator.ts';
import { until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { silentLog } from '../harness/silent-log.ts';
import { type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';

const ns = 'http://jabber.org/protocol/commands';

const ask = ({ client }: JabberPerson, node: string) =>
  client.ask(`<iq type='set' to='${gatewayDomain}'><command xmlns='${ns}' node='${node}'/></iq>`);

/** What the operator is told. */
async function reloads(admin: JabberPerson): Promise<string> {
  const command = child(await ask(admin, 'reload'), 'command', ns);
  return (command?.children ?? []).map((one) => (typeof one === 'string' ? '' : textOf(one))).join(' ');
}

function change(gateway: GatewayUnderTest, edit: (config: Record<string, unknown>) => void): void {
  const config = parse(readFileSync(gateway.config, 'utf8')) as Record<string, unknown>;
  edit(config);
  writeFileSync(gateway.config, stringify(config));
}

function allow(config: Record<string, unknown>, users: readonly string[]): void {
  const [bridge] = config.bridges as { allow: readonly string[] }[];
  if (bridge !== undefined) bridge.allow = users;
}

/** With a configuration that was changed meanwhile. */
async function startsAgain(gateway: GatewayUnderTest, edit: (config: Record<string, unknown>) => void): Promise<void> {
  await gateway.stop();
  change(gateway, edit);
  await gateway.start();
}

describe('in one process', () => {
  const world = useWorld({ ircd: 'ngircd' });

  test('133-01 157-01 reload: allow and admins count at once, what needs a restart is told, faults change nothing', async () => {
    await using stage = new Stage(world());
    const { gateway } = world();
    const romeo = await stage.jabber('romeo');
    const juliet = await stage.jabber('juliet');
    const admin = `${romeo.user}@localhost`;
    await startsAgain(gateway, (config) => {
      config.admins = [admin];
    });
    expect((await ask(juliet, 'configure')).attrs.type).toBe('result');
    await romeo.enters();

    change(gateway, (config) => {
      allow(config, [admin]);
      // Where it listens is said by --http.
      config.http = { host: '127.0.0.1', port: 1, operatorToken: 'another token of the tests' };
    });
    expect(await reloads(romeo)).toBe(`Read again: allow of ${gatewayDomain}. Needs a restart: http.`);
    expect(conditionOf(await ask(juliet, 'configure'))).toBe('forbidden');
    romeo.says('still here');
    await romeo.hears(romeo, 'still here');

    const other = `${juliet.user}@localhost`;
    change(gateway, (config) => {
      config.admins = [admin, other];
    });
    expect(await reloads(romeo)).toContain('Read again: admins.');
    const info = `<query xmlns='http://jabber.org/protocol/disco#info'/>`;
    const said = child(await romeo.client.ask(`<iq type='get' to='${gatewayDomain}'>${info}</iq>`), 'query');
    const form = child(said, 'x', 'jabber:x:data');
    const whom = childrenOf(form, 'field').find(({ attrs }) => attrs.var === 'admin-addresses');
    expect(childrenOf(whom, 'value').map(textOf)).toEqual([`xmpp:${admin}`, `xmpp:${other}`]);

    change(gateway, (config) => {
      config.admins = 'nobody in particular';
    });
    expect(await reloads(romeo)).toMatch(/isthmus\.yaml:\d+:\d+: /);
    expect((await ask(romeo, 'reload')).attrs.type).toBe('result');
  });
});

describe('in several', () => {
  const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'] });

  test('133-01 reload: all of them know, the edge too', async () => {
    await using stage = new Stage(world());
    const { gateway } = world();
    const romeo = await stage.jabber('romeo');
    const juliet = await stage.jabber('juliet');
    const admin = `${romeo.user}@localhost`;
    await startsAgain(gateway, (config) => {
      config.admins = [admin];
      allow(config, [admin]);
    });
    const refusal = async (): Promise<string | undefined> => conditionOf(await ask(juliet, 'configure'));
    expect(await refusal()).toBe('forbidden');
    change(gateway, (config) => allow(config, [admin, `${juliet.user}@localhost`]));
    expect(await reloads(romeo)).toContain('allow of');
    await expect.poll(refusal).toBeUndefined();
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await juliet.enters();
    change(gateway, (config) => allow(config, [admin]));
    await reloads(romeo);
    await nurse.sees(juliet, 'QUIT');
  });

  test('133-01 ban-user: all of them know, and after a restart too, until the ban is lifted', async () => {
    await using stage = new Stage(world());
    const { gateway } = world();
    const romeo = await stage.jabber('romeo');
    const juliet = await stage.jabber('juliet');
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await startsAgain(gateway, (config) => {
      config.admins = [`${romeo.user}@localhost`];
      allow(config, ['localhost']);
    });
    const says = (text: string): void =>
      romeo.client.send(`<message type='chat' id='m' to='${gatewayDomain}'><body>${text}</body></message>`);
    const refusal = async (): Promise<string | undefined> => conditionOf(await ask(juliet, 'configure'));
    await juliet.enters();
    says(`ban-user ${juliet.user}@localhost`);
    await nurse.sees(juliet, 'QUIT');
    await expect.poll(refusal).toBe('forbidden');
    await startsAgain(gateway, () => undefined);
    expect(await refusal()).toBe('forbidden');
    says(`unban-user ${juliet.user}@localhost`);
    await expect.poll(refusal).toBeUndefined();
  });
  test('a worker that stood still while the gateway was closed for work knows it when it comes to itself', async () => {
    await using stage = new Stage(world());
    const { gateway, redis } = world();
    const romeo = await stage.jabber('romeo');
    const juliet = await stage.jabber('juliet');
    await startsAgain(gateway, (config) => {
      config.admins = [`${romeo.user}@localhost`];
    });
    const link = await connectRedis({ url: redis?.url ?? '', name: 'test', clock: systemClock, log: silentLog });
    const show = (count: number) =>
      until(`${count} workers show life`, async () => (await workersOf(link, true)).filter(isWorker).length === count);
    const [first, second] = gateway.members.filter(({ role }) => role === 'worker');
    process.kill(second?.running.pid ?? 0, 'SIGSTOP');
    try {
      await show(1);
      await runs(romeo.client, 'maintenance', { state: ['1'], words: [''] });
    } finally {
      process.kill(second?.running.pid ?? 0, 'SIGCONT');
    }
    await show(2);
    await first?.stop();
    await expect(juliet.enters()).rejects.toThrow('service-unavailable');
    await link.close();
    await first?.start();
    await runs(romeo.client, 'maintenance', { state: ['0'], words: [''] });
  });
});
