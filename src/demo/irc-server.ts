/** The demo's IRC server: ngIRCd or InspIRCd on loopback, with a #lobby that exists before anybody joins. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ircServer, type Layout } from './layout.ts';
import { loopback } from './ports.ts';
import type { Programs } from './programs.ts';

const topic = 'Welcome. Who is here by IRC and who by Jabber?';

/** Writes its configuration; returns its arguments. @param root are we root */
export function prepareIrcServer(layout: Layout, is: Programs['irc']['is'], root: boolean): string[] {
  const home = join(layout.dir, is);
  mkdirSync(home, { recursive: true });
  const file = join(home, `${is}.conf`);
  if (is === 'ngircd') {
    writeFileSync(file, ngircdConfig(layout));
    return ['--nodaemon', '--config', file];
  }
  writeFileSync(file, inspircdConfig(layout, home));
  return ['--nofork', '--nopid', ...(root ? ['--runasroot'] : []), '--config', file];
}

/** Started by root it becomes "nobody" by itself. */
export const ngircdConfig = ({
  ports,
}: Pick<Layout, 'ports'>): string => `# Written by isthmus demo at every start. Loopback only.
[Global]
Name = irc.${ircServer}
Info = Isthmus demo
Listen = ${loopback}
Ports = ${ports.irc}
MotdFile = /dev/null
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 30
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
[Channel]
Name = #lobby
Topic = ${topic}
Modes = tn
`;

const modules = [
  'cap ircv3 ircv3_accounttag ircv3_batch ircv3_capnotify ircv3_chghost ircv3_ctctags ircv3_echomessage ircv3_invitenotify',
  'ircv3_labeledresponse ircv3_msgid ircv3_servertime namesx uhnames permchannels',
].flatMap((line) => line.split(' '));

export const inspircdConfig = (
  { ports }: Pick<Layout, 'ports'>,
  home: string,
): string => `# Written by isthmus demo at every start. Loopback only.
<server name="irc.${ircServer}" description="Isthmus demo" network="IsthmusDemo">
<admin name="demo" nick="demo" email="demo@localhost">
<bind address="${loopback}" port="${ports.irc}" type="clients">
<path datadir="${home}" logdir="${home}" runtimedir="${home}">
<connect name="main" allow="*" timeout="60" pingfreq="120" threshold="1000" commandrate="100000" fakelag="no" localmax="500" globalmax="500" maxchans="200" resolvehostnames="no">
<cidr ipv4clone="32" ipv6clone="128">
<options defaultmodes="not" defaultbind="ipv4" cyclehostsfromuser="no">
<performance nouserdns="yes" softlimit="1000">
<security maxtargets="20">
<limits maxnick="31" maxchan="64" maxtopic="390">
<permchannels channel="#lobby" modes="nt" topic="${topic}">
${modules.map((name) => `<module name="${name}">`).join('\n')}
`;
