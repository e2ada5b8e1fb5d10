/** What an operator reads whose database can't be opened. */
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { describeFailure } from '../../../src/ops/fatal.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { openSql } from '../../../src/process/sql.ts';

test('a PostgreSQL without TLS that is to be asked by TLS: how it is turned on', async () => {
  // What a server says to an SSLRequest that it can't fulfil (PostgreSQL's protocol, "SSL Session Encryption").
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write('N'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = new Secret(`postgres://u:sesame@127.0.0.1:${port}/x?sslmode=verify-full`);
  const said = await openSql({ data: '/nowhere', sql: { is: 'postgres', url } }).catch(describeFailure);
  expect(said).toBe(
    "PostgreSQL can't be used: The server does not support SSL connections.\nTurn TLS on there (ssl, ssl_cert_file and ssl_key_file in postgresql.conf), or take sslmode out of `storage.sql` where nobody else is on the way to it.",
  );
  server.close();
});
