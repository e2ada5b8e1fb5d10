/** Which servers a URL names. */
import { expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { seen } from '../../../../src/storage/sql/postgres-away.ts';
import { serversOf } from '../../../../src/storage/sql/postgres-servers.ts';

test.each([
  ['postgres://db/x', ['postgres://db/x']],
  ['postgresql://u:p%2C@db:5433/x?sslmode=require', ['postgresql://u:p%2C@db:5433/x?sslmode=require']],
  ['postgres://a,b/x', ['postgres://a/x', 'postgres://b/x']],
  [
    'postgres://u:p,w@a:5432,[::1]:5433,c/x?a=1,2',
    ['postgres://u:p,w@a:5432/x?a=1,2', 'postgres://u:p,w@[::1]:5433/x?a=1,2', 'postgres://u:p,w@c/x?a=1,2'],
  ],
  ['postgres:///x?host=/run/postgresql', ['postgres:///x?host=/run/postgresql']],
])('%s', (url, servers) => expect(serversOf(url)).toEqual(servers));

const failure = (code: string | undefined, message = 'no'): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

test.each([
  failure('08006'),
  failure('53300'),
  failure('53100'),
  failure('57P01'),
  failure('57P03'),
  failure('25006'),
  failure('ECONNREFUSED'),
  failure(undefined, 'Connection terminated unexpectedly'),
  failure(undefined, 'timeout exceeded when trying to connect'),
])('%s is of the moment', (error) => {
  const told = seen(error);
  expect(told).toBeInstanceOf(GatewayError);
  expect(told).toMatchObject({ code: 'storage-away', next: 'later', cause: error });
});

test.each([failure('23505'), failure('42P01'), failure('55P03'), failure(undefined), 'a text'])('%s is not', (error) =>
  expect(seen(error)).toBe(error),
);
