/** XEPs that are a word or two in a message: actions, hints, contact addresses. */
import { describe, expect, test } from 'vitest';
import { serverInfo } from '../../../../src/xmpp/xep/0157-contact-addresses.ts';
import { actionBody, actionOf } from '../../../../src/xmpp/xep/0245-me.ts';
import { type Hint, hasHint, hint, isNotToBeStored } from '../../../../src/xmpp/xep/0334-hints.ts';
import { parse } from '../../../harness/markup.ts';

const message = (inside: string) => parse(`<message xmlns='jabber:client'>${inside}</message>`);

describe('XEP-0245', () => {
  test.each([
    ['/me laughs', 'laughs'],
    ['/me ', ''],
    ['/me  laughs', ' laughs'],
    ['/me\nlaughs', undefined],
    ['/me', undefined],
    ['/meh', undefined],
    [' /me laughs', undefined],
    ['/ME laughs', undefined],
    ["/me's foot", undefined],
  ])('MSG-07 %j', (body, action) => {
    expect(actionOf(body)).toBe(action);
    if (action !== undefined) expect(actionBody(action)).toBe(body);
  });
});

describe('XEP-0334', () => {
  test.each<[Hint, boolean]>([
    ['no-permanent-store', true],
    ['no-store', true],
    ['no-copy', false],
    ['store', false],
  ])('334-02 %s', (name, forbids) => {
    const el = message(`<body>x</body>${hint(name)}`);
    expect(hasHint(el, name)).toBe(true);
    expect(isNotToBeStored(el)).toBe(forbids);
    expect(hasHint(message('<body>x</body>'), name)).toBe(false);
  });
});

describe('XEP-0157', () => {
  test('157-01 URIs of each kind in a list of their own, nothing for kinds without', () => {
    const form = serverInfo({
      admin: ['xmpp:a@example.org', 'mailto:a@example.org'],
      abuse: [],
      status: ['https://s'],
    });
    expect(form?.fields.map((field) => [field.var, field.type, field.values])).toEqual([
      ['FORM_TYPE', 'hidden', ['http://jabber.org/network/serverinfo']],
      ['admin-addresses', 'list-multi', ['xmpp:a@example.org', 'mailto:a@example.org']],
      ['status-addresses', 'list-multi', ['https://s']],
    ]);
  });
  test('157-01 no form where there is nobody to name', () => {
    expect([serverInfo({}), serverInfo({ admin: [] })]).toEqual([undefined, undefined]);
  });
});
