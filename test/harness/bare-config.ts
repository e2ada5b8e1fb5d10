/** A checked configuration with no domains, for tests of parts that take one whole and mind little of it. */
import type { BridgeConfig, Config } from '../../src/ops/config/config.ts';

/** More than any test needs. */
export const generous: BridgeConfig['limits'] = { servers: 50, rooms: 500, messagesPerMinute: 'off' };

/** Nothing of it exists; a test says what it needs. */
export const bareConfig = (more: Partial<Config> = {}): Config => ({
  file: 'isthmus.yaml',
  xmpp: { host: '127.0.0.1', port: 5347, tls: false },
  admins: [],
  storage: { data: '/nowhere', sql: { is: 'sqlite' }, redis: { is: 'private' }, archive: true, retention: {} },
  http: { host: '127.0.0.1', port: 0 },
  bridges: [],
  ...more,
});
