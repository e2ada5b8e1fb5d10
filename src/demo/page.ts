/** The demo's web page: Converse.js, served from its npm package, logged in and in the lobby. Nothing is loaded from anywhere else. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Remedy } from '../ops/fatal.ts';
import type { Mount } from '../ops/http.ts';
import { accounts, host, type Layout, lobby } from './layout.ts';
import { loopback } from './ports.ts';

/** What the web server of the demo serves: the page at `/`, its script, and Converse.js below `/converse/`. */
export function pageMounts({ ports }: Pick<Layout, 'ports'>): Readonly<Record<string, Mount>> {
  const headers = { 'content-security-policy': policy(ports.web) };
  return {
    '/': { text: html, type: 'text/html; charset=utf-8', headers },
    '/demo.js': { text: script(ports.web), type: 'text/javascript; charset=utf-8' },
    '/converse/': { directory: converseFiles() },
  };
}

/** The browser itself refuses what is not ours. */
const policy = (web: number) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    `connect-src 'self' ws://${loopback}:${web} http://${loopback}:${web}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const html = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Isthmus demo</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/converse/converse.min.css">
  <style>.chat-info__message { white-space: pre-line; }</style>
  <script type="module" src="/demo.js"></script>
</head>
<body class="converse-fullscreen">
  <noscript>This page is a Jabber client and needs JavaScript.</noscript>
  <div id="conversejs-bg"></div>
</body>
</html>
`;

const comeAgain = `// While the gateway is not up its rooms can't be entered for the moment: Converse.js takes no notice of such an answer, and would show that it enters for ever.
converse.plugins.add('come-again', {
  initialize() {
    const { api } = this._converse;
    const listen = () =>
      api.connection.get().addHandler(
        (stanza) => {
          if (!stanza.querySelector('error[type="wait"]')) return true;
          setTimeout(async () => {
            const room = await api.rooms.get(stanza.getAttribute('from').split('/')[0]);
            if (room?.session.get('connection_status') === converse.ROOMSTATUS.CONNECTING) room.rejoin();
          }, 1000);
          return true;
        },
        null,
        'presence',
        'error',
      );
    api.listen.on('connected', listen);
    api.listen.on('reconnected', listen);
  },
});
`;

const whatIsWrong = `// Of a form that comes back Converse.js passes over the note, which says what is wrong with what was filled in (XEP-0050 §3.6).
converse.plugins.add('what-is-wrong', {
  initialize() {
    const { adhoc } = this._converse.api;
    const run = adhoc.runCommand;
    adhoc.runCommand = async (...step) => {
      const answer = await run.apply(adhoc, step);
      if (answer.status === 'executing' && answer.note) answer.instructions = [answer.note, answer.instructions].filter(Boolean).join(' ');
      return answer;
    };
  },
});
`;

const script = (web: number) => `// The login form's footer would load pictures from elsewhere.
customElements.define('converse-footer', class extends HTMLElement {});
await import('/converse/converse.min.js');

// Converse.js shows nothing that the room itself says (it has no nick): what a command like /whois answers, and changes of modes.
converse.plugins.add('from-the-room', {
  initialize() {
    const { api } = this._converse;
    api.listen.on('parseMUCMessage', async (stanza, said) => {
      const { body, type, nick, from, msgid, time } = said;
      if (nick || type !== 'groupchat' || !body) return said;
      const room = await api.rooms.get(from);
      if (room && !room.messages.findWhere({ msgid })) await room.createMessage({ type: 'info', message: body, msgid, time });
      return said;
    });
  },
});

${comeAgain}
${whatIsWrong}
// Another tab with ?user=friend is the other account.
const wanted = new URLSearchParams(location.search).get('user');
const user = ${JSON.stringify(accounts)}.includes(wanted) ? wanted : '${accounts[0]}';
converse.initialize({
  view_mode: 'fullscreen',
  i18n: 'en',
  assets_path: '/converse/',
  websocket_url: 'ws://${loopback}:${web}/xmpp-websocket',
  discover_connection_methods: false,
  authentication: 'login',
  auto_login: true,
  jid: user + '@${host}',
  password: user,
  auto_join_rooms: [{ jid: '${lobby}', nick: user }],
  muc_history_max_stanzas: 50,
  muc_respect_autojoin: false,
  allow_registration: false,
  persistent_store: 'sessionStorage',
  clear_cache_on_logout: true,
  show_controlbox_by_default: true,
  whitelisted_plugins: ['from-the-room', 'come-again', 'what-is-wrong'],
});
`;

/** Where npm put Converse.js: beside us, or above. */
function converseFiles(): string {
  const require = createRequire(import.meta.url);
  const above = (require.resolve.paths('converse.js') ?? []).map((folder) => join(folder, 'converse.js', 'dist'));
  const here = join(dirname(fileURLToPath(import.meta.url)), 'converse');
  const found = [here, ...above].find((folder) => existsSync(join(folder, 'converse.min.js')));
  if (found === undefined)
    throw new Remedy('The package converse.js is not installed', 'Run npm ci in the folder of Isthmus');
  return found;
}
