/** One domain's view of IRC: many servers, many logins, and what they share. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRemembered, GatewayError, type Network, type Tools } from '#bridge';
import { createAddresses } from './addresses.ts';
import { fingerprintsOf, makeCertificate } from './certificate.ts';
import { createEncodings } from './charsets.ts';
import { createClients } from './clients.ts';
import { forServer, type IrcConfig, type ServerConfig } from './config.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createIdentd } from './identd.ts';
import { knockCommand } from './knock.ts';
import { createLoginPauses, isByCertificateAlone } from './login-pause.ts';
import { masksCommand } from './mask-lists.ts';
import { isNick } from './names.ts';
import { addAccount, mustBeLoggedIn, trialProfile } from './own-account.ts';
import { createPace, type Pace } from './pace.ts';
import { createPingLoad } from './ping-load.ts';
import { badNick } from './rooms.ts';
import { germanSentences } from './sentences-german.ts';
import { openSession } from './session.ts';
import { profileOf, settingsForms } from './settings.ts';
import { createMembers } from './shared-members.ts';
import { createSupportReader } from './shared-support.ts';
import { createStsPolicies } from './sts.ts';
import { createFolders, createInterner } from './wire/casemap.ts';
import { createLineReader } from './wire/line.ts';
import { readBufferBytes } from './wire/transport.ts';

const nobody = (): void => {};

export function createNetwork(config: IrcConfig, { log, clock }: Pick<Tools, 'log' | 'clock'>): Network<undefined> {
  const addresses = createAddresses(config);
  const folderOf = createFolders(createInterner());
  const memberOf = createMembers();
  const readSupport = createSupportReader();
  const pingLoad = createPingLoad();
  const readLine = createLineReader();
  const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);
  const newClient = createClients();
  const pauses = createLoginPauses(clock);
  const identd = config.identd === 'off' ? undefined : createIdentd({ ...config.identd, clock, log });
  const encoding = createEncodings();
  const sts = createStsPolicies(clock);
  const paces = new Map<string, Pace>();
  const directories = new Map<string, Directory>();
  const isNews = createNews();

  function server(on: string | undefined): ServerConfig | undefined {
    const name = (on ?? config.fixedServer)?.toLowerCase();
    return name === undefined || name === '' ? undefined : forServer(config, name);
  }
  function paceOf({ name, pace }: ServerConfig): Pace {
    const known = paces.get(name);
    if (known !== undefined) return known;
    const made = createPace(pace, clock);
    paces.set(name, made);
    return made;
  }
  function directoryOf({ name }: ServerConfig): Directory {
    const directory = directories.get(name) ?? createDirectory(clock);
    directories.set(name, directory);
    return directory;
  }

  return {
    addresses,
    registration: 'none',
    sentences: { de: germanSentences },
    settings: settingsForms(config),
    browsable: true,
    servers: Object.keys(config.servers).map((name) => name.toLowerCase()),
    knowsPeople: true,
    encrypts: isAlwaysEncrypted(config),
    commands: [knockCommand, masksCommand],
    login: (place) => addAccount(config, (address) => addresses.refuse?.(address), place),
    registersAccounts: { username: 'sasl_username', password: 'sasl_password' },
    certificates: {
      setting: 'client_certificate',
      make: (name) => makeCertificate(name, clock.now()),
      fingerprints: (pem) => Object.entries(fingerprintsOf(pem)).map(([label, value]) => ({ label, value })),
    },
    stay(on) {
      const { persistent, linger } = server(on) ?? config;
      return { persistent, lingerMs: linger * 1000 };
    },
    async connect(account, host, signal) {
      const found = server(account.on);
      if (found === undefined) throw new GatewayError('bad-address', { text: 'An account on IRC needs a server.' });
      const refused = addresses.refuse?.({ is: 'service', ...(account.on !== undefined && { on: found.name }) });
      if (refused !== undefined) throw refused;
      const who = { owner: account.owner, nick: account.nick ?? '' };
      const asSet = (settings = account.settings) => profileOf(config, found, who, settings);
      const trial = account.isTrial === true ? trialProfile(asSet()) : undefined;
      const profile = (settings = account.settings) => trial ?? asSet(settings);
      const { nick } = profile().identity;
      if (!isNick(nick)) throw badNick(nick);
      const isAskedFor = trial !== undefined && isByCertificateAlone(trial.identity);
      const standing = isAskedFor ? undefined : pauses.standing(account.id, profile().identity);
      if (standing !== undefined) throw standing;
      await identd?.listen();
      if (account.resume !== undefined) sts.restore(account.resume);
      const session = await openSession({
        profile,
        owner: account.owner,
        isBack: account.isBack === true,
        identify: (socket) => identd?.identify(socket, account.owner) ?? nobody,
        isNews: (motd) => isNews(account.id, motd),
        sts,
        encoding,
        host,
        clock,
        log: log.child({ account: account.id }),
        pace: paceOf(found),
        loginRefused: (identity, error) => pauses.refused(account.id, identity, error),
        directory: directoryOf(found),
        signal,
        ca: readAuthorities(found.ca),
        readBuffer,
        readLine,
        newClient,
        folderOf,
        readSupport,
        pingLoad,
        memberOf,
        idPrefix: `${randomBytes(9).toString('base64url')}.`,
      });
      if (trial !== undefined) await mustBeLoggedIn(session, found.name);
      pauses.taken(account.id);
      return session;
    },
  };
}

const isAlwaysEncrypted = ({ tls, servers }: IrcConfig): boolean =>
  [tls, ...Object.values(servers).map((own) => own.tls ?? tls)].every((wish) => wish === 'required');

/** Of how many accounts it is remembered what they were told. */
const newsAtMost = 10_000;

/** Whether a text is another one than the last of that account's. */
function createNews(): (account: string, text: string) => boolean {
  const told = createRemembered<string>(newsAtMost);
  return (account, text) => {
    const digest = createHash('sha256').update(text).digest('base64');
    if (told.get(account) === digest) return false;
    told.put(account, digest);
    return true;
  };
}

/** PEM text as it is, or the file of that name. Read at each connection, so that a renewed file counts. */
function readAuthorities(ca: string | undefined): string | undefined {
  if (ca === undefined || ca.includes('-----BEGIN')) return ca;
  try {
    return readFileSync(ca, 'utf8');
  } catch (cause) {
    throw new GatewayError('no-connection', { text: 'The file of trusted authorities cannot be read.', cause });
  }
}
