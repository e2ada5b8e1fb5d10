/** The operators' sentences: each says what is wrong, where, and what to do, so that nobody has to ask. */
import { describe, expect, test } from 'vitest';
import { describeFailure, Remedy } from '../../../src/ops/fatal.ts';
import * as remedies from '../../../src/ops/remedies.ts';

const place = { domain: 'irc.example.org', host: '192.0.2.7', port: 5347 };
const file = '/etc/isthmus.yaml';

/** Each with what must stand in it for an operator to know which thing is meant. */
const all: readonly (readonly [string, Remedy, readonly string[]])[] = [
  ['114-10 host-unknown', remedies.hostUnknown(place, file), ['irc.example.org', '192.0.2.7:5347', file]],
  ['114-11 not-authorized', remedies.notAuthorized(place, file), ['irc.example.org', '192.0.2.7:5347', file, 'secret']],
  ['114-12 conflict', remedies.streamRefused(place, 'conflict', ''), ['irc.example.org', 'conflict', 'other gateway']],
  ['114-13 another', remedies.streamRefused(place, 'policy-violation', 'too many'), ['policy-violation', 'too many']],
  ['a port in use', remedies.portInUse('127.0.0.1', 8080, 'HTTP', '--http'), ['8080', '127.0.0.1', 'HTTP', '--http']],
  ['no such address', remedies.cannotListen('192.0.2.1', 80, 'HTTP', '--http', 'EACCES'), ['192.0.2.1:80', 'EACCES']],
  ['a key that others can read', remedies.sealingKeyOpen('/d/sealing.key'), ['/d/sealing.key', 'chmod 600']],
  ['a key that is broken', remedies.sealingKeyBroken('/d/sealing.key'), ['/d/sealing.key', 'backup']],
  ['a file that is no key', remedies.noSealingKey('/d/letter.txt'), ['/d/letter.txt', 'backup --key']],
  ['no right to read', remedies.notOurs('/d/key', 'EACCES'), ['/d/key', 'EACCES', 'sudo -u isthmus']],
  ['no right to write', remedies.dataUnwritable('/d', 'EROFS'), ['/d', 'EROFS', 'storage.data']],
  ['no room to write', remedies.dataUnwritable('/d', 'ENOSPC'), ['/d', 'ENOSPC', 'Make room']],
  ['a role without Redis', remedies.privateRedisWithRole('edge'), ['--role edge', 'storage.redis', 'redis://']],
  ['streams that another edge has', remedies.streamsLost(), ['edge', 'streams']],
  ['others with that Redis', remedies.gatewayRuns('worker'), ['--role worker', '--role all', 'storage.redis']],
  ['a gateway that another process has', remedies.gatewayTaken(), ['--role all', 'Redis']],
  ['no PostgreSQL', remedies.postgresRefused('ECONNREFUSED', undefined), ['PostgreSQL', 'ECONNREFUSED', 'storage.sql']],
  ['a storage', remedies.storageTrouble('Redis is full: make room', undefined), ['Redis is full.', 'Make room.']],
];

describe.each(all)('%s', (_, remedy, needed) => {
  test('names what it is about', () => {
    const printed = describeFailure(remedy);
    for (const word of needed) expect(printed).toContain(word);
  });

  test('is two sentences without a stack, the second an instruction', () => {
    expect(remedy).toBeInstanceOf(Remedy);
    const printed = describeFailure(remedy);
    const [problem = '', remedyLine = '', ...more] = printed.split('\n');
    expect(more).toEqual([]);
    expect(problem).toMatch(/^([^a-z]|redis-server).*\.$/);
    expect(remedyLine).toMatch(/^[A-Z`].*[.)]$/);
    expect(printed).not.toMatch(/undefined|\.\.$|Error:/);
  });
});

test('every remedy of the module is read here', () => {
  const makers = Object.values(remedies).length;
  // streamRefused speaks of a conflict and of everything else, dataUnwritable of rights and of room.
  expect(all).toHaveLength(makers + 2);
});
