/** An operator has the configuration read again: who may use the gateway is others at once, and nothing else is disturbed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { child, conditionOf, textOf } from '../harness/markup.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';

const world = useWorld({ ircd: 'ngircd' });
const ns = 'http://jabber.org/protocol/commands';

test('133-01 reload: allow counts at once, what needs a restart is told, faults change nothing', async () => {
  await using stage = new Stage(world());
  const { gateway } = world();
  const change = (edit: (config: Record<string, unknown>) => void): void => {
    const config = parse(readFileSync(gateway.config, 'utf8')) as Record<string, unknown>;
    edit(config);
    writeFileSync(gateway.config, stringify(config));
  };
  const romeo = await stage.jabber('romeo');
  const juliet = await stage.jabber('juliet');
  const admin = `${romeo.user}@localhost`;
  await gateway.member('all').stop();
  change((config) => {
    config.admins = [admin];
  });
  await gateway.member('all').start();

  const reload = async (): Promise<string> => {
    const answer = await romeo.client.ask(
      `<iq type='set' to='${gatewayDomain}'><command xmlns='${ns}' node='reload'/></iq>`,
    );
    const command = child(answer, 'command', ns);
    return (command?.children ?? []).map((one) => (typeof one === 'string' ? '' : textOf(one))).join(' ');
  };
  const help = () =>
    juliet.client.ask(`<iq type='set' to='${gatewayDomain}'><command xmlns='${ns}' node='configure'/></iq>`);
  expect((await help()).attrs.type).toBe('result');
  await romeo.enters();

  change((config) => {
    const [bridge] = config.bridges as { allow: string[] }[];
    if (bridge !== undefined) bridge.allow = [admin];
    config.http = { host: '127.0.0.1', port: 1 };
  });
  expect(await reload()).toBe(`Read again: allow of ${gatewayDomain}. Needs a restart: http.`);
  expect(conditionOf(await help())).toBe('forbidden');
  romeo.says('still here');
  await romeo.hears(romeo, 'still here');

  change((config) => {
    config.admins = 'nobody in particular';
  });
  expect(await reload()).toMatch(/isthmus\.yaml:\d+:\d+: /);
  expect(
    (await romeo.client.ask(`<iq type='set' to='${gatewayDomain}'><command xmlns='${ns}' node='reload'/></iq>`)).attrs
      .type,
  ).toBe('result');
});
