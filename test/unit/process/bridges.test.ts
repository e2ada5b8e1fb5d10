/** From the configuration's `use` to the bridge: each domain gets its own entry, in the file's order. */
import { expect, test } from 'vitest';
import { bridges } from '../../../bridges/index.ts';
import type { BridgeConfig, Config } from '../../../src/ops/config/config.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { loadBridges } from '../../../src/process/bridges.ts';
import { bareConfig, generous } from '../../harness/bare-config.ts';

const entry = (use: string, domain: string): BridgeConfig => ({
  use,
  domain,
  secret: new Secret('s'),
  limits: generous,
  allow: [],
  options: {},
});
const config = (...entries: readonly BridgeConfig[]): Config => bareConfig({ bridges: entries });

test('one bridge for two domains is two entries', async () => {
  const loaded = await loadBridges(
    config(entry('irc', 'b.example'), entry('fake', 'c.example'), entry('irc', 'a.example')),
  );
  expect(loaded.map(({ entry: { domain }, bridge }) => [domain, bridge.name])).toEqual([
    ['b.example', 'irc'],
    ['c.example', 'fake'],
    ['a.example', 'irc'],
  ]);
  expect(loaded[0]?.bridge).toBe(loaded[2]?.bridge);
});

test('a name that no bridge has is a bug of whoever checked the configuration', async () => {
  await expect(loadBridges(config(entry('icq', 'icq.example')))).rejects.toThrow('icq');
});

test('every bridge that is listed can be loaded, and goes by the name that it is listed under', async () => {
  for (const { name, load } of bridges) expect((await load()).name).toBe(name);
});
