/** What `--help` says. Examples first: most people look for one. */

export const commands = ['run', 'check', 'setup', 'import', 'backup', 'restore', 'rotate-key', 'demo', 'help'] as const;
export type CommandName = (typeof commands)[number];

const general = `Isthmus: a gateway that brings IRC and other networks into any Jabber client.

  isthmus demo                                  try it: an XMPP server, an IRC server, the gateway and a web page
  isthmus check --config isthmus.yaml           is the configuration right? every fault with its place
  isthmus setup prosody --config isthmus.yaml   what to write into Prosody's configuration (or: setup ejabberd)
  isthmus import biboumi --db FILE --config …   take over what biboumi's users have set, and what was said
  isthmus import discord --archive FILE …       bring a Discord channel's past along
  isthmus run --config isthmus.yaml             run the gateway
  isthmus backup --config … --to FOLDER         keep all that it has, while it runs; isthmus restore brings it back
  isthmus rotate-key --config isthmus.yaml      seal all credentials with a new key

  isthmus COMMAND --help                        more about a command
  isthmus --version

Start from config/isthmus.example.yaml; deploy/README.md takes you from there to a service.`;

const run = `isthmus run --config FILE [--role all|edge|worker] [--http HOST:PORT] [--log LEVEL]

Runs the gateway until it is told to stop. The log goes to standard output, as JSON lines.

  isthmus run --config /etc/isthmus/isthmus.yaml
  isthmus run --config isthmus.yaml --http 127.0.0.1:9091
  isthmus run --config isthmus.yaml --role edge        and, beside it, one or more:
  isthmus run --config isthmus.yaml --role worker --http 127.0.0.1:0

  --config FILE     the configuration (see config/isthmus.example.yaml)
  --role ROLE       all (the default), or one part: edge holds the streams to the XMPP server, workers hold the logins;
                    they meet in Redis, so storage.redis must be an address
  --http HOST:PORT  instead of the configuration's; port 0 is any that is free
  --log LEVEL       trace, debug, info (the default), warn, error, silent; or the variable ISTHMUS_LOG

SIGTERM stops it for a restart, as SIGHUP does: users stay in their rooms and notice little. SIGINT (Ctrl-C) takes leave: everybody is told.`;

const check = `isthmus check --config FILE

Looks for every fault in a configuration, without touching the network. Exit code 0: it is right; 1: the faults are on standard
error, each as FILE:LINE:COL: what is wrong and the fix.

  isthmus check --config isthmus.yaml && systemctl restart isthmus`;

const setup = `isthmus setup prosody|ejabberd --config FILE

Prints what the XMPP server needs so that this very gateway can connect: the components with their secrets, and the rights that
make contacts, bookmarks and uploads work. Nothing is changed.

  isthmus check --config isthmus.yaml &&
    isthmus setup prosody --config isthmus.yaml | sudo install -g prosody -m 640 /dev/stdin /etc/prosody/conf.d/isthmus.cfg.lua
  isthmus setup ejabberd --config isthmus.yaml         then merge it into ejabberd.yml`;

const importing = `isthmus import biboumi --db FILE --config FILE [--domain DOMAIN]
isthmus import discord --archive FILE --config FILE [--domain DOMAIN] [--owner JID] [--account NAME]

biboumi

Takes over what the users of a biboumi have set (nicks, passwords, ports and the like, for all servers, for one, for a room) and what was said
in their rooms. What Isthmus has already stays as it is; run again, it adds only what is new. Stop biboumi first, and start Isthmus afterwards.

  isthmus import biboumi --db /var/lib/biboumi/biboumi.sqlite --config /etc/isthmus/isthmus.yaml

  --db FILE         biboumi's database, the db_name of its configuration: a file, or postgresql://…
  --config FILE     the configuration of this gateway
  --domain DOMAIN   into which of its domains, where it has several for IRC

discord

Brings the past of a channel along: a file that DiscordChatExporter has written (--format Json) comes into the archive of the channel's room, with its
times, authors, answers, corrections and reactions; attachments as links. What is there already stays; run again, it adds only what is new, and cut short
it goes on where it was. The gateway may run meanwhile.

  isthmus import discord --archive general.json --config /etc/isthmus/isthmus.yaml

  --archive FILE    the export; of one in several parts, each
  --config FILE     the configuration of this gateway
  --domain DOMAIN   into which of its domains, where it has several for Discord
  --owner JID       whose account has the room, where there are several; or who will have one
  --account NAME    which of their accounts, by its name on Discord`;

const rotating = `isthmus rotate-key --config FILE

Seals all credentials in the database anew with a new key, and forgets the old one: after a backup, a disk or a machine got into other hands. Stop
the gateway first, all of its processes. Run it as the user that runs the gateway. Cut short, it is run again and goes on. With several machines,
copy sealing.key to the others afterwards.

  systemctl stop isthmus && sudo -u isthmus isthmus rotate-key --config /etc/isthmus/isthmus.yaml && systemctl start isthmus`;

const backingUp = `isthmus backup --config FILE --to FOLDER [--key FILE]

Writes all that this gateway has into a new folder, while it runs: the database (SQLite; of PostgreSQL by pg_dump, which has to be installed), and
from Redis what waits to be sent, what could not be, and what was accepted lately. Run it as the user that runs the gateway.

  isthmus backup --config /etc/isthmus/isthmus.yaml --to /var/backups/isthmus/$(date +%F)

  --to FOLDER   made where it does not exist; it must be empty
  --key FILE    copies the sealing key there too, into a new file. Without that key the logins in a backup are worth nothing, with it a thief has
                them: keep it apart from the rest`;

const restoring = `isthmus restore --config FILE --from FOLDER [--key FILE]

Brings back what \`isthmus backup\` has written, into a gateway that is stopped and has no data yet. Run it as the user that runs the gateway; then start it.
What was in SQLite may come into an empty PostgreSQL.

  isthmus restore --config /etc/isthmus/isthmus.yaml --from /var/backups/isthmus/2026-11-21 --key /media/stick/sealing.key

  --from FOLDER  the backup
  --key FILE     the sealing key, where storage.data does not have it yet`;

const demo = `isthmus demo [--xmpp-port N] [--irc-port N] [--http-port N] [--data DIR]

Starts all that it takes to see Isthmus work, on this machine only: Redis, Prosody with the accounts demo/demo and friend/friend,
an IRC server with #lobby, the gateway, and a web page with a Jabber client. Ctrl-C stops everything.

  npm start                                     in a clone: builds first, then this
  npm start -- --xmpp-port 5333 --http-port 8081

  --xmpp-port N   for Jabber clients (5222)
  --irc-port N    of the IRC server (6667)
  --http-port N   of the web page (8080); 0 for any that is free, here and above
  --data DIR      where its state is kept (./data/demo)`;

const texts: Readonly<Record<CommandName, string>> = {
  run,
  check,
  setup,
  import: importing,
  backup: backingUp,
  restore: restoring,
  'rotate-key': rotating,
  demo,
  help: general,
};

/** The text for a command; without one, the text for all. */
export const helpFor = (command: CommandName = 'help'): string => texts[command];
