/** XEP-0092 Software Version, version 1.1: §3. */
import { childText, element } from '../codec.ts';

export const VERSION = 'jabber:iq:version';

/** Empty: the question. */
export const version = element(VERSION, 'query', {
  name: childText('name'),
  version: childText('version'),
  os: childText('os'),
});
