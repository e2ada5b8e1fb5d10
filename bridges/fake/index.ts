/** A network in memory: the template that a new bridge copies, the test double, and a demo. Its users meet in its rooms; a script can play the others. */
import type { Bridge } from '#bridge';
import { type FakeConfig, fakeConfig } from './config.ts';
import { type FakeCredentials, fakeCredentials } from './login.ts';
import { createNetwork } from './network.ts';
import { createWorld } from './world.ts';

const fake: Bridge<FakeConfig, FakeCredentials | undefined> = {
  name: 'fake',
  about: { type: 'fake', name: 'Fake' },
  config: fakeConfig,
  credentials: fakeCredentials.optional(),
  open: (config, tools) => createNetwork(config, createWorld(tools.clock), tools),
};

export default fake;
