/** The demo's page: only what is ours may be loaded, and it logs in as somebody who exists. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accounts, host, lobby } from '../../../src/demo/layout.ts';
import { pageMounts } from '../../../src/demo/page.ts';

const mounts = pageMounts({ ports: { xmpp: 15_222, irc: 16_667, http: 18_080, web: 15_280, component: 15_347 } });

function text(path: string): string {
  const mount = mounts[path];
  if (mount === undefined || !('text' in mount)) throw new Error(`no text under ${path}`);
  return mount.text;
}

test('whatever the page names is served here', () => {
  const named = [...text('/').matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  const ours = named.filter((address) => !address.startsWith('data:'));
  expect(ours.length).toBeGreaterThan(1);
  for (const address of ours) {
    const under = Object.keys(mounts).find((path) => path !== '/' && address.startsWith(path));
    const mount = mounts[under ?? ''];
    if (mount === undefined) throw new Error(`nothing serves ${address}`);
    if ('directory' in mount) expect(existsSync(join(mount.directory, address.slice(under?.length)))).toBe(true);
  }
});

test('no address of anybody else stands in the page or its script', () => {
  const addresses = [...`${text('/')}${text('/demo.js')}`.matchAll(/(?:https?|wss?):\/\/[^'"\s/]+/g)].map(String);
  expect(addresses).toEqual(['ws://127.0.0.1:15280']);
});

test('the browser is told to load nothing else, and to talk to nobody but Prosody', () => {
  const mount = mounts['/'];
  const policy = mount !== undefined && 'text' in mount ? (mount.headers?.['content-security-policy'] ?? '') : '';
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]));
  expect(rules.get('default-src')).toEqual(["'none'"]);
  expect(rules.get('frame-ancestors')).toEqual(["'none'"]);
  expect(rules.get('connect-src')).toEqual(["'self'", 'ws://127.0.0.1:15280', 'http://127.0.0.1:15280']);
  expect(rules.get('script-src')).not.toContain("'unsafe-inline'");
  for (const sources of rules.values()) expect(sources.join(' ')).not.toMatch(/\*|https:/);
});

test('it logs in as an account that Prosody has, and opens the lobby', () => {
  const script = text('/demo.js');
  expect(script).toContain(JSON.stringify(accounts));
  expect(script).toContain(`user + '@${host}'`);
  expect(script).toContain(lobby);
  const parsed = script.replace(/^await import\(.*$/m, '');
  expect(() => new Function('converse', 'customElements', 'HTMLElement', 'location', parsed)).not.toThrow();
});
