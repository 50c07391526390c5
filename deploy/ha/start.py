#!/usr/bin/python3
"""Runs Patroni with secrets from files, and with a leader's lock that may expire sooner than Patroni's own bound of 20 s.

    start.py CONFIG         a node
    start.py CONFIG ctl …   patronictl, such as: ctl list, ctl switchover --force

A machine that dies holds its lock until it expires, and so long nothing can be stored. patroni.yml has 10 s for that. Patroni's authors
advise against less than 20: a primary that hangs for longer than its lock lasts is replaced for nothing. With a synchronous standby that
costs seconds without writes, and never an expense. Who prefers fewer changes of the primary runs `patroni` itself, of a version that
looks whose the lock is (see update_leader): then ttl is 20.
"""
import base64
import inspect
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from patroni.__main__ import main
from patroni.config import Config
from patroni.dcs import AbstractDCS, Leader, catch_return_false_exception
from patroni.dcs.etcd3 import Etcd3

# Patroni's variables, and what they are called in .env.
SECRETS = {
    "PATRONI_SUPERUSER_PASSWORD": "POSTGRES_PASSWORD",
    "PATRONI_REPLICATION_PASSWORD": "POSTGRES_REPLICATION_PASSWORD",
    "PATRONI_RESTAPI_PASSWORD": "PATRONI_PASSWORD",
}
BOUND = "_validate_and_adjust_timeouts"  # since Patroni 3.2


def read_secrets():
    for name, variable in SECRETS.items():
        path = os.environ.pop(name + "_FILE", None)
        if path is None:
            continue
        with open(path, encoding="utf-8") as file:
            secret = file.read().rstrip("\n")
        if not secret:
            sys.exit(f"{path} is empty: put {variable} into .env, or name a file with a password in {name}_FILE")
        os.environ[name] = secret


def refused_by(own, name, user, password):
    """The names of the nodes that do not take this one's PATRONI_PASSWORD. own is the address of this node's Patroni.

    They are asked what a primary asks them when etcd is away, with nothing in it: who is let in is told that it is nothing."""
    with urllib.request.urlopen(own + "/cluster", timeout=3) as answer:
        others = [member for member in json.load(answer)["members"] if member["name"] != name]
    who = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    for other in others:
        url = urllib.parse.urljoin(other["api_url"], "/failsafe")
        try:
            urllib.request.urlopen(urllib.request.Request(url, b"{}", {"Authorization": who}), timeout=3).close()
        except urllib.error.HTTPError as error:
            if error.code == 401:
                yield other["name"]
        except OSError:
            pass  # it is away


def look_for_refusals(own, name, user, password, pause=30):
    """Says it for as long as another node refuses this one, which nobody would notice before etcd is lost: then the primary stops."""
    while True:
        time.sleep(pause)
        try:
            for other in refused_by(own, name, user, password):
                print(f"ERROR: {other} does not take this node's PATRONI_PASSWORD. Should etcd be lost, the primary would stop: "
                      "give both nodes the same, and make their containers anew", file=sys.stderr, flush=True)
        except Exception:  # Patroni has just begun, or is about to end, and this goes on
            pass


def check_timeouts(_, config):
    """Keeps the rule behind the bound: a leader whose etcd is silent gives up before its lock expires."""
    loop, retry, ttl = (int(config.get(name, default)) for name, default in (("loop_wait", 10), ("retry_timeout", 10), ("ttl", 30)))
    if loop < 1 or retry < 3 or loop + 2 * retry > ttl:
        raise ValueError(f"loop_wait {loop} + 2 * retry_timeout {retry} must not be above ttl {ttl}")


@catch_return_false_exception
def update_leader(self):
    """Renews the leader's lock if it is still this node's, or nobody's.

    Patroni 3.0 writes it without looking. A primary that stood for longer than its lock lasts took it from the new primary so, which had
    acknowledged changes by then that the old one lacks: they were lost, and the other node could never follow again."""
    retry = self._retry.copy()

    def ask(method, *args):
        return self._run_and_handle_exceptions(method, *args, retry=lambda *a, **k: retry(*a, **{**k, "retry": retry}))

    ask(self._do_refresh_lease, True)
    leader = self.cluster and self.cluster.leader
    if not self._lease or isinstance(leader, Leader) and leader.session == self._lease:
        return bool(self._lease)
    key, name = (base64.b64encode(text.encode()).decode() for text in (self.leader_path, self._name))
    put = {"request_put": {"key": key, "value": name, "lease": self._lease}}
    return (ask(self._client.txn, {"key": key, "target": "VALUE", "value": name}, put)
            or ask(self._client.txn, {"key": key, "target": "CREATE", "create_revision": "0"}, put) or False)


if hasattr(Config, BOUND):
    setattr(Config, BOUND, check_timeouts)
# Later ones look by themselves. The method of Etcd3 does not say what it takes, for it is wrapped; the one that it fulfils does.
if "leader" not in inspect.signature(AbstractDCS._update_leader).parameters:
    Etcd3._update_leader = update_leader

if __name__ == "__main__":  # Patroni's own processes import this file again, and need the above
    read_secrets()
    if sys.argv[2:3] == ["ctl"]:
        os.execvp("patronictl", ["patronictl", "-c", sys.argv[1], *sys.argv[3:]])
    sys.argv[0] = "patroni"
    if {"PATRONI_NAME", "PATRONI_RESTAPI_PASSWORD"} <= set(os.environ):
        known = [os.environ.get(name, "") for name in ("PATRONI_NAME", "PATRONI_RESTAPI_USERNAME", "PATRONI_RESTAPI_PASSWORD")]
        threading.Thread(target=look_for_refusals, args=("http://127.0.0.1:8008", *known), daemon=True).start()
    sys.exit(main())
