"""A `serve` is killed at random moments while writers write to it."""

import random
import threading
import time

from . import checks
from .backend import Client, Program, Server
from .ledger import Ledger
from .writers import Writer, run_writers

FALSE_STARTS = 0.2  # So many starts are killed too, before they are ready.
OLD_ONES_CHECKED = 20


def run(options, folder, findings):
    dice = random.Random(options.seed)
    program = Program(options.binary, folder)
    ledger = Ledger(folder / "acknowledged.jsonl")
    writers = [Writer(f"w{number}", options.seed, ledger, findings, options.control)
               for number in range(options.writers)]
    server = Server(program)
    server.wait_until_ready()
    for cycle in range(options.cycles):
        before = len(ledger.conversations)
        write_and_kill(server, writers, dice, options.within)
        server = restart(program, dice, findings)
        check_after_crash(server, writers, ledger, before, dice, findings)
        checks.check_whole(program, findings)  # By way of the server.
        if options.verbose:
            print(f"cycle {cycle + 1}: {ledger.count()} acknowledged; {findings.summary()}",
                  flush=True)
        if options.control and findings.total():
            break
    checks.check_everything(Client(server.port), ledger, findings)
    if server.stop() != 0:
        findings.add("unexpected", "serve did not end with 0 after SIGTERM")
    checks.check_whole(program, findings)
    ledger.close()
    replayed = sum(writer.replayed for writer in writers)
    return (f"{options.cycles} kills, {ledger.count()} writes acknowledged, "
            f"{replayed} of the unanswered ones had been stored")


def write_and_kill(server, writers, dice, within):
    stop = threading.Event()
    threads = run_writers(writers, server.port, stop)
    time.sleep(dice.uniform(0, within))
    server.kill()
    stop.set()
    for thread in threads:
        thread.join()


def restart(program, dice, findings):
    if dice.random() < 0.5:
        checks.check_whole(program, findings)  # The command recovers the store itself.
    while dice.random() < FALSE_STARTS:
        false_start = Server(program)
        time.sleep(dice.uniform(0, 0.2))
        false_start.kill()
    server = Server(program)
    server.wait_until_ready()
    return server


def check_after_crash(server, writers, ledger, before, dice, findings):
    client = Client(server.port)
    for writer in writers:
        if writer.pending and not writer.pending.conversation.id:
            checks.check_pending_ingest(client, writer.pending, findings)
    recent = ledger.conversations[before:]
    old = dice.sample(ledger.conversations[:before], min(before, OLD_ONES_CHECKED))
    for conversation in recent + old:
        checks.check_conversation(client, conversation, findings)
    for writer in writers:
        conversation = writer.pending.conversation if writer.pending else None
        writer.repeat_pending(client)
        if conversation and conversation.id:
            checks.check_conversation(client, conversation, findings)
