/** Labels of further accounts: what is formatted is read back, whatever a bridge's own localparts look like, and bridges never see one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAddresses } from '../../../bridges/irc/addresses.ts';
import { ircConfig } from '../../../bridges/irc/config.ts';
import type { Account, Address, Network, SessionHost } from '../../../src/bridge/contract.ts';
import { chatId, personId } from '../../../src/core/ids.ts';
import { labelOf, placeName, readOn, withLabels, writeOn } from '../../../src/gateway/labels.ts';

/** IRC's, and what it was given. */
function labelled(options: object) {
  const given: (string | undefined)[] = [];
  const network: Network = {
    addresses: createAddresses(ircConfig.parse(options)),
    registration: 'none',
    loginFields: [],
    stay(on) {
      given.push(on);
      return { persistent: false, lingerMs: 0 };
    },
    connect(account: Account) {
      given.push(account.on);
      return Promise.reject(new Error('no network'));
    },
  };
  return { network: withLabels(network), given };
}

describe('addresses', () => {
  const names = fc.oneof(
    fc.constantFrom('x', '=~', 'a=~b', '=~work', 'x=~', 'x=~+', 'x=~+bot'),
    fc.stringMatching(/^[a-z0-9=~-]{1,12}$/),
  );
  const labels = fc.option(fc.stringMatching(/^\+?[a-z0-9-]{1,20}$/), { nil: undefined });

  for (const [name, options, server] of [
    ['of many servers', {}, 'irc.example'],
    ['of one server', { fixedServer: 'irc.example' }, undefined],
  ] as const) {
    const { addresses } = labelled(options).network;
    test(`${name}: read back as they were written`, () => {
      fc.assert(
        fc.property(names, labels, fc.boolean(), (id, label, isRoom) => {
          const on = writeOn({ ...(server !== undefined && { server }), ...(label !== undefined && { label }) });
          const what = isRoom ? { is: 'room', id: chatId(`#${id}`) } : { is: 'person', id: personId(id) };
          const address = { ...what, ...(on !== undefined && { on }) } as Address;
          expect(addresses.parse(addresses.format(address))).toEqual(address);
        }),
      );
    });
  }

  test.each([
    [undefined, 'irc.test'],
    ['irc.example', 'irc.example'],
    [writeOn({ server: 'irc.example', label: 'work' }), 'irc.example (work)'],
    [writeOn({ label: 'work' }), 'irc.test (work)'],
  ])('say where an account is: %s', (on, said) => expect(placeName(on, 'irc.test')).toBe(said));

  test('say for people which account they are of', () => {
    const { addresses } = labelled({}).network;
    const on = writeOn({ server: 'irc.example', label: 'work' });
    expect(addresses.title({ is: 'service', ...(on !== undefined && { on }) })).toBe('irc.example (work)');
  });
});

test('a bridge is told the server alone', async () => {
  const { network, given } = labelled({});
  const host: SessionHost = { emit: () => undefined, checkpoint: async () => {} };
  const account = { id: 'x', owner: 'romeo@test', on: 'irc.example=~work' };
  await expect(network.connect(account, host, new AbortController().signal)).rejects.toThrow('no network');
  network.stay('irc.example=~work');
  network.stay('=~work');
  expect(given).toEqual(['irc.example', 'irc.example', undefined]);
});

test('labels are made of names, and differ', () => {
  expect(labelOf('Work & Co', new Set())).toBe('work-co');
  expect(labelOf('Ärger', new Set(['arger']))).toBe('a-rger');
  expect(labelOf('work', new Set(['work', 'work-2']))).toBe('work-3');
  expect(labelOf('日本', new Set())).toBe('account');
  expect([readOn(undefined), readOn('a.b'), readOn('=~x')]).toEqual([{}, { server: 'a.b' }, { label: 'x' }]);
});
