"""Compares what the server shows with what it has acknowledged."""

import json

PAGE = 100


def check_whole(program, findings):
    """`verify`: tables, and chunk, vector and lexical entry one to one."""
    code, output = program.run("verify", "--json")
    report = json.loads(output) if output else {}
    if code != 0 or not report.get("whole"):
        findings.add("half-visible", f"verify: exit {code}, {report.get('problems')}")


def contents_of(client, conversation_id):
    """The contents of its messages in order; None if there is no such conversation."""
    status, _, answer = client.call("GET", f"/conversations/{conversation_id}/messages")
    if status == 404:
        return None
    if status != 200:
        raise RuntimeError(f"GET messages: {status} {answer}")
    return [message["content"] for message in answer["messages"]]


def expected_contents(writes):
    return [message["content"] for write in writes for message in write.messages]


def check_conversation(client, conversation, findings):
    """Everything acknowledged is there, verbatim and found; what is pending is there or not."""
    shown = contents_of(client, conversation.id)
    certain = expected_contents(conversation.acknowledged)
    allowed = [certain]
    if conversation.pending:
        allowed.append(certain + expected_contents([conversation.pending]))
    if shown is None:
        findings.add("lost", f"{conversation.title} ({conversation.id}): no such conversation")
    elif shown not in allowed:
        kind = "lost" if len(shown) < len(certain) else "half-visible"
        if len(shown) > max(map(len, allowed)):
            kind = "doubled"
        findings.add(kind, f"{conversation.title}: {len(shown)} messages, not {len(certain)}")
    for write in conversation.acknowledged:
        check_found(client, write, findings)


def check_found(client, write, findings):
    """The word of a write is found in its conversation, and nowhere else."""
    found = ids_with(client, write.word)
    wanted = write.conversation.id
    if wanted not in found:
        findings.add("lost", f"{write.key}: a search does not find it")
    for other in found - {wanted}:
        findings.add("doubled", f"{write.key}: is in conversation {other} too, beside {wanted}")


def ids_with(client, word):
    status, _, answer = client.search(q=word, mode="lexical", top_k=PAGE)
    if status != 200:
        raise RuntimeError(f"search: {status} {answer}")
    # A chunk beside a match is a candidate too, so only texts that hold the word count.
    return {row["conversation_id"] for row in answer["results"] if word in row["text"]}


def check_pending_ingest(client, write, findings):
    """A conversation whose acknowledgement never came is there as a whole, or not at all."""
    for conversation_id in ids_with(client, write.word):
        if contents_of(client, conversation_id) != expected_contents([write]):
            findings.add("half-visible", f"{write.key}: a part of it is in {conversation_id}")


def all_titles(client):
    """title -> how many conversations have it."""
    titles, path = {}, f"/conversations?limit={PAGE}"
    while path:
        status, headers, page = client.call("GET", path)
        if status != 200:
            raise RuntimeError(f"list: {status} {page}")
        for conversation in page:
            title = conversation["scenario_title"]
            titles[title] = titles.get(title, 0) + 1
        link = headers.get("Link")
        path = link[link.index("<") + 1:link.index(">")] if link else None
    return titles


def check_everything(client, ledger, findings):
    """At the end: each acknowledged conversation once, and nothing that nobody wrote."""
    for conversation in ledger.conversations:
        check_conversation(client, conversation, findings)
    titles = all_titles(client)
    for conversation in ledger.conversations:
        times = titles.pop(conversation.title, 0)
        if times > 1:
            findings.add("doubled", f"{conversation.title}: stored {times} times")
        if times == 0:
            findings.add("lost", f"{conversation.title}: not listed")
    for title in titles:
        findings.add("unexpected", f"{title}: stored, but never acknowledged nor pending")
