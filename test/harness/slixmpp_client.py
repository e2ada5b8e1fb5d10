"""A client of another making (slixmpp) adds an account: by ad-hoc command, by in-band registration, by lines of chat, and leaves again. Says what came of it as JSON."""
import asyncio
import json
import sys

import slixmpp


class Client(slixmpp.ClientXMPP):
    def __init__(self, jid, password):
        super().__init__(jid, password)
        self["feature_mechanisms"].unencrypted_plain = True
        for plugin in ("xep_0004", "xep_0030", "xep_0050", "xep_0077"):
            self.register_plugin(plugin)
        self.started = asyncio.get_event_loop().create_future()
        self.heard = asyncio.Queue()
        self.subscriptions = []
        self.auto_authorize = None
        self.add_event_handler("session_start", lambda _: self.started.set_result(True))
        self.add_event_handler("failed_all_auth", lambda _: self.started.set_exception(RuntimeError("no login")))
        self.add_event_handler("message", lambda message: self.heard.put_nowait(message))
        self.add_event_handler("presence_subscribe", lambda one: self.subscriptions.append(str(one["from"])))

    async def says(self, to, text):
        self.send_message(mto=to, mbody=text, mtype="chat")
        while True:
            message = await asyncio.wait_for(self.heard.get(), 60)
            if str(message["from"]).startswith(to):
                return message["body"]


async def by_command(client, gateway, fields):
    commands = await client["xep_0050"].get_commands(jid=gateway)
    assert any(node == "register" for _, node, _ in commands["disco_items"]["items"]), "register is not offered"
    begun = await client["xep_0050"].send_command(gateway, "register")
    command = begun["command"]
    form = command["form"]
    asked = list(form.get_fields())
    form.reply()
    form["type"] = "submit"
    form.set_values(fields)
    done = await client["xep_0050"].send_command(
        gateway, "register", sessionid=command["sessionid"], action="complete", payload=[form]
    )
    return {"asked": asked, "status": done["command"]["status"], "notes": [list(n) for n in done["command"]["notes"]]}


async def in_band(client, gateway, fields):
    info = await client["xep_0030"].get_info(jid=gateway)
    assert "jabber:iq:register" in info["disco_info"]["features"], "registration is not announced"
    first = await client["xep_0077"].get_registration(jid=gateway)
    form = first["register"]["form"]
    form["type"] = "submit"
    form.set_values(fields)
    iq = client.make_iq_set(ito=gateway)
    iq.enable("register")
    iq["register"].append(form)
    wrong = client.make_iq_set(ito=gateway)
    wrong.enable("register")
    wrong["register"]["username"] = fields["username"]
    wrong["register"]["password"] = "not the password"
    if "server" not in fields:
        try:
            await wrong.send(timeout=60)
        except slixmpp.exceptions.IqError as error:
            assert error.condition == "not-acceptable", error.condition
    answer = await iq.send(timeout=60)
    again = await client["xep_0077"].get_registration(jid=gateway)
    return {"status": answer["type"], "registered": bool(again["register"]["registered"])}


async def by_chat(client, gateway, lines):
    return {"said": [await client.says(gateway, line) for line in lines]}


async def leave(client, gateway):
    iq = client.make_iq_set(ito=gateway)
    iq["register"]["remove"] = True
    answer = await iq.send(timeout=60)
    after = await client["xep_0077"].get_registration(jid=gateway)
    return {"status": answer["type"], "registered": bool(after["register"]["registered"])}


async def main(task):
    client = Client(task["jid"], task["password"])
    client.connect(("127.0.0.1", task["port"]), disable_starttls=True)
    await asyncio.wait_for(client.started, 30)
    client.send_presence()
    gateway = task["gateway"]
    ways = {"command": by_command, "in-band": in_band, "chat": by_chat}
    result = await ways[task["how"]](client, gateway, task["fields"])
    # Behind the answer, in order: what came before this answer has come.
    await client["xep_0030"].get_info(jid=gateway)
    result["subscriptions"] = client.subscriptions
    result["left"] = await leave(client, gateway)
    client.disconnect()
    print(json.dumps(result))


asyncio.get_event_loop().run_until_complete(main(json.loads(sys.argv[1])))
