/** InspIRCd 3 with its IRCv3 modules: echo-message, labeled-response, server-time and TLS, as larger networks have them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import type { Ircd } from './ircd.ts';
import { keepServer } from './kept-server.ts';
import { freePorts } from './ports.ts';
import { type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

/** The name on its certificate. */
export const tlsName = 'tls.test';

/** Where services link, and with what password. */
export interface ServicesLink {
  readonly name: string;
  readonly password: string;
  readonly port: number;
}

/** The password that opens a link, on a port of its own. */
export const linkWith = async (name: string): Promise<ServicesLink> => {
  const [port = 0] = await freePorts(1);
  return { name, password: 'link', port };
};

/** What it has besides: services that link to it. */
export interface InspircdExtras {
  readonly services?: ServicesLink;
  /** Gateways tell whom they stand for (WEBIRC, password `webircpw`), for whom everybody waits a second. */
  readonly webirc?: boolean;
  /** Whoever connects is asked for who it is (RFC 1413). */
  readonly ident?: boolean;
  /** Everybody is told to come to the TLS port (IRCv3 sts). */
  readonly sts?: boolean;
}

/** Starts one. Operator root/rootpw; no flood limits. */
export async function startInspircd(extras: InspircdExtras = {}): Promise<Ircd> {
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const dir = tempDir('inspircd');
  mkdirSync(join(dir.path, 'run'));
  const certificate = makeCertificate(dir.path, [tlsName, 'localhost']);
  const file = join(dir.path, 'inspircd.conf');
  writeFileSync(file, configuration(dir.path, port, tlsPort, extras.ident === true) + more(extras, tlsPort));
  const launch = (): Promise<Running> =>
    start('inspircd', ['--runasroot', '--nofork', '--nopid', '--config', file], {
      name: 'inspircd',
      ready: (started) => started.output().includes('now running'),
    });
  const tls = { port: tlsPort, ca: certificate.cert };
  return Object.assign(await keepServer(dir, launch), { name: 'inspircd', port, tls } as const);
}

const plain =
  'banexception botmode cap chghost customprefix inviteexception ircv3 ircv3_accounttag ircv3_batch ircv3_capnotify ircv3_chghost';
const messages =
  'ircv3_ctctags ircv3_echomessage ircv3_invitenotify ircv3_labeledresponse ircv3_msgid ircv3_servertime monitor namesx';
const rest = 'knock noctcp redirect sajoin samode services_account setname silence ssl_gnutls sslinfo uhnames sha256';

/** What services need: a link, a right to act for people, and SASL by them. */
function linking(services: ServicesLink | undefined): string {
  if (services === undefined) return '';
  const { name, password, port } = services;
  return `<module name="spanningtree">
<module name="sasl">
<bind address="127.0.0.1" port="${port}" type="servers">
<link name="${name}" ipaddr="127.0.0.1" port="${port}" allowmask="*" sendpass="${password}" recvpass="${password}">
<uline server="${name}" silent="yes">
<sasl target="${name}" requiressl="no">
`;
}

const gateways = `<module name="cgiirc">
<cgihost type="webirc" password="webircpw" mask="127.0.0.0/8">
`;

const asking = `<module name="ident">
<ident timeout="5">
`;

const strict = (port: number): string => `<module name="ircv3_sts">
<sts host="*" duration="1h" port="${port}">
`;

const more = ({ services, webirc, ident, sts }: InspircdExtras, tlsPort: number): string =>
  [linking(services), webirc && gateways, ident && asking, sts && strict(tlsPort)].filter(Boolean).join('');

function configuration(dir: string, port: number, tlsPort: number, asks: boolean): string {
  const modules = `${plain} ${messages} ${rest}`
    .split(' ')
    .map((name) => `<module name="${name}">`)
    .join('\n');
  return `<server name="irc.test" description="inspircd of a test" network="TestNet" id="001">
<admin name="a" nick="a" email="a@irc.test">
<bind address="127.0.0.1" port="${port}" type="clients">
<bind address="127.0.0.1" port="${tlsPort}" type="clients" sslprofile="main">
${modules}
<sslprofile name="main" provider="gnutls" certfile="${dir}/cert.pem" keyfile="${dir}/key.pem" hash="sha256">
<path configdir="${dir}" datadir="${dir}/run" logdir="${dir}/run" runtimedir="${dir}/run" moduledir="/usr/lib/inspircd/modules">
<connect name="main" allow="*" timeout="60" pingfreq="120" hardsendq="8M" softsendq="1M" recvq="64K" threshold="100000" commandrate="100000000" fakelag="no" localmax="2000" globalmax="2000" maxchans="200" resolvehostnames="no" useident="${asks ? 'yes' : 'no'}">
<cidr ipv4clone="32" ipv6clone="128">
<class name="ServerOperators" commands="*" privs="*" usermodes="*" chanmodes="*">
<type name="NetAdmin" classes="ServerOperators" vhost="netadmin.irc.test">
<oper name="root" password="rootpw" host="*@*" type="NetAdmin">
<options prefixquit="Quit: " defaultmodes="not" casemapping="rfc1459" defaultbind="ipv4" syntaxhints="no" cyclehostsfromuser="no" allowmismatch="yes">
<performance softlimit="12800" somaxconn="512" limitsomaxconn="false" quietbursts="yes" nouserdns="yes">
<security hidebans="no" hidekills="" hidesplits="no" maxtargets="20" runasuser="" runasgroup="">
<limits maxnick="31" maxchan="64" maxmodes="20" maxident="${asks ? 40 : 11}" maxhost="64" maxquit="255" maxtopic="390" maxkick="255" maxreal="128" maxaway="200">
<whowas groupsize="10" maxgroups="1000" maxkeep="3d">
<maxlist chan="*" limit="100">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="inspircd.log">
<ircv3 accountnotify="on" awaynotify="on" extendedjoin="on" standardreplies="on">
<customprefix name="founder" letter="q" prefix="~" rank="50000" ranktoset="50000">
<customprefix name="admin" letter="a" prefix="&amp;" rank="40000" ranktoset="50000">
<customprefix name="halfop" letter="h" prefix="%" rank="20000" ranktoset="30000">
`;
}
