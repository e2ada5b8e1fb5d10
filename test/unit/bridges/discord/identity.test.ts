/** Whose a token is, and what is no answer to that. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { GatewayError } from '../../../../src/bridge/index.ts';
import { useStage } from './stage.ts';

const stage = useStage();

test('a page of something that stands in the way of Discord says nothing about the token: it is tried again', async () => {
  const proxy = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>Sign in</p>'));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  try {
    const login = stage.login({ options: { api: `http://127.0.0.1:${port}/api` } });
    const refused = await login.catch((error: unknown) => error);
    expect(refused instanceof GatewayError && [refused.code, refused.next]).toEqual(['network-away', 'later']);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});
