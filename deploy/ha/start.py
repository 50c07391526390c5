#!/usr/bin/python3
"""Runs Patroni with secrets from files, and with a leader's lock that may expire sooner than Patroni's own bound of 20 s.

    start.py CONFIG         a node
    start.py CONFIG ctl …   patronictl, such as: ctl list, ctl switchover --force

A machine that dies holds its lock until it expires, and so long nothing can be stored. patroni.yml has 10 s for that. Patroni's authors
advise against less than 20: a primary that hangs for longer than its lock lasts is replaced for nothing. With a synchronous standby that
costs seconds without writes, and never an expense. Who prefers fewer changes of the primary runs `patroni` itself: then ttl is 20.
"""
import os
import sys

from patroni.__main__ import main
from patroni.config import Config

SECRETS = ("PATRONI_SUPERUSER_PASSWORD", "PATRONI_REPLICATION_PASSWORD", "PATRONI_RESTAPI_PASSWORD")
BOUND = "_validate_and_adjust_timeouts"  # since Patroni 3.2


def read_secrets():
    for name in SECRETS:
        path = os.environ.pop(name + "_FILE", None)
        if path is None:
            continue
        with open(path, encoding="utf-8") as file:
            secret = file.read().rstrip("\n")
        if not secret:
            sys.exit(f"{path} is empty: {name}_FILE has to name a file with a password")
        os.environ[name] = secret


def check_timeouts(_, config):
    """Keeps the rule behind the bound: a leader whose etcd is silent gives up before its lock expires."""
    loop, retry, ttl = (int(config.get(name, default)) for name, default in (("loop_wait", 10), ("retry_timeout", 10), ("ttl", 30)))
    if loop < 1 or retry < 3 or loop + 2 * retry > ttl:
        raise ValueError(f"loop_wait {loop} + 2 * retry_timeout {retry} must not be above ttl {ttl}")


if hasattr(Config, BOUND):
    setattr(Config, BOUND, check_timeouts)

if __name__ == "__main__":  # Patroni's own processes import this file again, and need the above
    read_secrets()
    if sys.argv[2:3] == ["ctl"]:
        os.execvp("patronictl", ["patronictl", "-c", sys.argv[1], *sys.argv[3:]])
    sys.argv[0] = "patroni"
    sys.exit(main())
