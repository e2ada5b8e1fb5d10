/** ejabberd's side of a configuration (CHECKLIST 15.2). */
import type { Config } from '../ops/config/config.ts';

/** Parts to be merged into ejabberd.yml. */
export function ejabberdSetup({ file, xmpp, bridges }: Config): string {
  const local = xmpp.host === 'localhost' || xmpp.host === '::1' || xmpp.host.startsWith('127.');
  const ip = local ? (xmpp.host === '::1' ? '::1' : '127.0.0.1') : '::';
  return `# ejabberd's side of ${file}, by \`isthmus setup ejabberd\`. Merge each part into the part of the same name in /etc/ejabberd/ejabberd.yml,
# then: ejabberdctl reload_config. The gateway's domains must not be under \`hosts\`.

listen:
  - port: ${xmpp.port}
    ip: ${yaml(ip)}${local ? '' : `   # any address of the machine that the gateway reaches as ${xmpp.host}; let nobody else in`}
    module: ejabberd_service
    access: all
    shaper: none
    global_routes: false # else every connection gets the stanzas of all the domains${xmpp.tls === false ? '' : '\n    tls: true # needs certfiles'}
    hosts:
${bridges.map(({ domain, secret }) => `      ${yaml(domain)}:\n        password: ${yaml(secret.reveal())}`).join('\n')}

acl:
  isthmus:
    server:
${bridges.map(({ domain }) => `      - ${yaml(domain)}`).join('\n')}

access_rules:
  isthmus_access:
    - allow: isthmus
  isthmus_upload:
    - allow: local
    - allow: isthmus

modules:
  # What the gateway may do in a user's name: contacts, messages sent from elsewhere.
  mod_privilege:
    roster:
      both: isthmus_access
    message:
      outgoing: isthmus_access
    # With ejabberd 24.10 or newer also (bookmarks):
    # iq:
    #   http://jabber.org/protocol/pubsub:
    #     both: isthmus_access
  # The default, 5 subscriptions a minute, drops the others silently: a contact list needs more.
  mod_pres_counter:
    count: 500
    interval: 60
  # If you have mod_http_upload, add this line to it, so that files from the networks can be kept on your server:
  # mod_http_upload:
  #   access: isthmus_upload
`;
}

/** A quoted YAML string; JSON's is one. */
const yaml = (text: string): string => JSON.stringify(text);
