/** Asking how our users are after a restart (CHECKLIST 114-51): in turn, by whom their server answers. */
import { expect, test } from 'vitest';
import { createProbes, probers } from '../../../src/accounts/probes.ts';
import type { Addresses } from '../../../src/bridge/contract.ts';
import { accountId, personId } from '../../../src/core/ids.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const addresses: Addresses = {
  format: (address) => (address.is === 'service' ? '' : String(address.id)),
  parse: (local) => ({ is: 'person', id: personId(local) }),
  title: () => '',
};
const row = { id: accountId('a'), domain: 'net.test', owner: 'romeo@test' };
const [juliet, nurse] = [personId('juliet'), personId('nurse')];

test('114-51 all who begin at once are asked for one after the other; who has ended meanwhile is not', async () => {
  const clock = createManualClock();
  const sent: string[] = [];
  const probes = createProbes(clock, (stanzas) => {
    for (const { type, from, to } of stanzas) sent.push(`${type} ${from} ${to}`);
  });
  const ended = new AbortController();
  const ask = (owner: string, signal = new AbortController().signal) => probes.ask(['juliet@net.test'], owner, signal);
  ask('a@test');
  ask('b@test', ended.signal);
  ask('c@test');
  expect(sent).toEqual(['probe juliet@net.test a@test']);
  ended.abort(new Error('ended'));
  await clock.advance(1_000);
  expect(sent).toEqual(['probe juliet@net.test a@test', 'probe juliet@net.test c@test']);
});

test('114-51 a clock that is set back keeps nobody waiting longer than their turn', async () => {
  const clock = createManualClock();
  const sent: string[] = [];
  const probes = createProbes(clock, (stanzas) => sent.push(...stanzas.flatMap(({ to }) => to)));
  const ask = (owner: string) => probes.ask(['juliet@net.test'], owner, new AbortController().signal);
  for (const owner of ['a@test', 'b@test']) ask(owner);
  clock.jump(-3_600_000);
  ask('c@test');
  await clock.advance(40);
  expect(sent).toEqual(['a@test', 'b@test', 'c@test']);
});

test('114-51 ROS-20 asked for by a contact; where the network asks for consent by one who has it', () => {
  const both = [juliet, nurse];
  const no = () => false;
  const network = { addresses, registration: 'none' } as const;
  expect(probers(row, network, [], no)).toEqual([]);
  expect(probers(row, network, both, no)).toEqual(['juliet@net.test']);
  const consents = { ...network, keepsContacts: true };
  expect(probers(row, consents, both, no)).toEqual([]);
  expect(probers(row, consents, both, (person) => person === nurse)).toEqual(['nurse@net.test']);
});

test('114-51 asked for by the gateway too where a login makes accounts, but for those at addresses of their own', () => {
  const network = { addresses, registration: 'required' } as const;
  const no = () => false;
  expect(probers(row, network, [], no)).toEqual(['net.test']);
  expect(probers(row, network, [juliet], no)).toEqual(['net.test', 'juliet@net.test']);
  expect(probers({ ...row, on: '=~work' }, network, [], no)).toEqual([]);
});
