-- Prosody's side of isthmus.yaml, by `isthmus setup prosody`. Save it as /etc/prosody/conf.d/isthmus.cfg.lua, then: systemctl restart prosody
-- (a reload starts no component that is new; deploy/README.md has the way without a restart). It holds secrets: chown root:prosody, chmod 640.
-- mod_privilege is in Debian's package prosody-modules; without it chatting works, contacts and bookmarks are not kept for you.

-- The host of your users. If its section elsewhere has modules_enabled or privileged_entities, add these there instead.
VirtualHost "example.org"
    modules_enabled = { "privilege" }
    privileged_entities = {
        ["irc.example.org"] = {
            roster = "both";
            message = "outgoing";
            iq = {
                ["http://jabber.org/protocol/pubsub"] = "both"; -- bookmarks
                ["urn:xmpp:http:upload:0"] = "get"; -- uploads
            };
        };
    }

Component "irc.example.org"
    component_secret = "change-me"
    modules_enabled = { "privilege" }
