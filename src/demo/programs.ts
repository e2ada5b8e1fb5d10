/** Finds the servers that the demo needs on this machine, and says what to install where one is missing. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Remedy } from '../ops/fatal.ts';

export interface Programs {
  readonly prosody: string;
  readonly irc: { readonly is: 'ngircd' | 'inspircd'; readonly path: string };
}

/** Where servers lie that are not in an ordinary user's PATH. */
const systemFolders = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
  '/usr/local/bin',
];

/** Throws a Remedy that names everything that is missing. */
export function findPrograms(path: string): Programs {
  const folders = [...path.split(delimiter), ...systemFolders];
  const find = (name: string) => folders.map((folder) => join(folder, name)).find(isProgram);
  const prosody = find('prosody');
  const ngircd = find('ngircd');
  const irc = ngircd ?? find('inspircd');
  const missing = [
    ...(find('redis-server') === undefined ? ['redis-server'] : []),
    ...(prosody === undefined ? ['prosody'] : []),
    ...(irc === undefined ? ['ngircd'] : []),
  ];
  if (prosody === undefined || irc === undefined || missing.length > 0) {
    throw new Remedy(
      `The demo needs ${missing.join(', ')}`,
      'Run sh deploy/setup.sh, which installs what is missing or says how',
    );
  }
  return { prosody, irc: { is: ngircd === undefined ? 'inspircd' : 'ngircd', path: irc } };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
