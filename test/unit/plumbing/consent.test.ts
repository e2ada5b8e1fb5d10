/** Whose word joins a MUC: an owner's, live, and nothing but the line. */
import { describe, expect, test } from 'vitest';
import { createToken, isConsent, isToken } from '../../../src/plumbing/consent.ts';
import { type Line, readLine } from '../../../src/plumbing/muc-stanzas.ts';
import { parse } from '../../../src/xml/document.ts';

const token = 'plumb-abc';
const line = (inside: string): Line =>
  readLine(parse(`<message from='piazza@muc.test/nurse' type='groupchat'>${inside}</message>`), 'piazza@muc.test');
const [owner, other] = [true, false];

describe('the line', () => {
  test.each<[string, string, boolean, boolean]>([
    ['an owner', `<body>${token}</body>`, owner, true],
    ['with blanks', `<body> ${token}\n</body>`, owner, true],
    ['somebody else', `<body>${token}</body>`, other, false],
    ['within other words', `<body>say ${token}</body>`, owner, false],
    ['another', '<body>plumb-abd</body>', owner, false],
    ['no text', '', owner, false],
    ['of the past', `<body>${token}</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>`, owner, false],
  ])('by %s', (_, inside, speaker, is) => expect(isConsent(line(inside), token, speaker)).toBe(is));
});

test('no line of that kind is passed on', () => {
  expect(isToken(line('<body> plumb-abcdefgh23456789 </body>'))).toBe(true);
  for (const body of ['plumb-abc', 'say plumb-abcdefgh23456789', ''])
    expect(isToken(line(`<body>${body}</body>`))).toBe(false);
});

test('a token is as random as what it is made of, and can be typed', () => {
  const made = createToken((bytes) => Uint8Array.from({ length: bytes }, (_, i) => i * 17));
  expect(made).toMatch(/^plumb-[a-z2-9]{16}$/);
  expect(createToken(() => new Uint8Array(16))).toBe('plumb-aaaaaaaaaaaaaaaa');
});
