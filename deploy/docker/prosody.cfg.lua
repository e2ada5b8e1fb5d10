-- The XMPP server in compose.yaml: users of example.org, and the gateway as a component. Certificates, s2s and the rest are yours to add.
admins = {}
modules_enabled = { "roster", "saslauth", "tls", "disco", "private", "pep", "vcard4", "vcard_legacy", "bookmarks", "blocklist", "carbons", "mam", "smacks", "csi_simple", "ping", "time", "version", "register" }
authentication = "internal_hashed"
storage = "internal"
log = { { levels = { min = "info" }, to = "console" } }
component_interfaces = { "*" }
component_ports = { 5347 }

VirtualHost "example.org"

Component "irc.example.org"
    component_secret = os.getenv("ISTHMUS_COMPONENT_SECRET")
