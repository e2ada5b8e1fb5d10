/** Slots as services give them (XEP-0363 §4, §9.2). */
import { describe, expect, test } from 'vitest';
import { typedForm, valueField } from '../../../../src/xmpp/xep/0004-data-forms.ts';
import { largestIn, slotIn, slotRequest } from '../../../../src/xmpp/xep/0363-http-upload.ts';
import { parse } from '../../../harness/markup.ts';

const slot = (put: string, headers = '', get = 'https://upload.test/a/b.txt') =>
  parse(`<slot xmlns='urn:xmpp:http:upload:0'><put url='${put}'>${headers}</put><get url='${get}'/></slot>`);

test('363-01 a slot is asked for with name, size and type', () => {
  expect(slotRequest({ name: 'très cool.jpg', type: 'image/jpeg', size: 23456 }).text).toBe(
    "<request xmlns='urn:xmpp:http:upload:0' filename='très cool.jpg' size='23456' content-type='image/jpeg'/>",
  );
});

describe('363-02 of what is to be said with it only three headers are taken, each on one line', () => {
  test('in their order', () => {
    const headers = `<header name='Authorization'>Basic &#10;abc==</header><header name='eXpires'>1</header><header name='X-Evil'>x</header><header name='Coo&#13;kie'>a=b</header><header name='Cookie'>c=d</header><header name='Host'>evil.test</header>`;
    expect(slotIn(slot('https://upload.test/a/b.txt', headers))).toEqual({
      put: 'https://upload.test/a/b.txt',
      get: 'https://upload.test/a/b.txt',
      headers: [
        ['Authorization', 'Basic abc=='],
        ['eXpires', '1'],
        ['Cookie', 'a=b'],
        ['Cookie', 'c=d'],
      ],
    });
  });
});

test.each([
  ['another element', parse("<request xmlns='urn:xmpp:http:upload:0'/>")],
  ['no address', parse("<slot xmlns='urn:xmpp:http:upload:0'><put/><get/></slot>")],
  ['no address to have it at', slot('https://upload.test/a', '', 'javascript:alert(1)')],
  ['an endless one', slot(`https://upload.test/${'a'.repeat(3000)}`)],
  ['nothing', undefined],
])('363-05 no slot: %s', (_, answer) => expect(slotIn(answer)).toBeUndefined());

test('363-01 how much it takes', () => {
  const form = (values: readonly string[], type = 'urn:xmpp:http:upload:0') =>
    typedForm('result', type, [valueField('max-file-size', values)]);
  expect(largestIn([form(['1'], 'other'), form(['5242880'])])).toBe(5242880);
  for (const values of [[], ['much'], ['0'], ['-1'], ['1e400']]) expect(largestIn([form(values)])).toBeUndefined();
});
