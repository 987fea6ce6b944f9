"""Makes a store of the version before larger, by copies under ids of their own: making that many anew takes too long."""

import sqlite3

TABLES = {  # Each with the columns that hold an id, and whose.
    "conversations": {"id": "conversation"},
    "messages": {"conversation_id": "conversation"},
    "conversation_chunks": {"id": "chunk", "conversation_id": "conversation"},
    "chunk_terms": {"chunk_id": "chunk"},
    "chunk_embeddings": {"chunk_id": "chunk"},
    "chunk_pieces": {"chunk_id": "chunk"},
}


def copy_rows(store, table, ids, offsets, upto):
    names = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
    taken = [f"{name} + {offsets[ids[name]]}" if name in ids else name for name in names]
    if table == "conversations":  # A name of their own, too.
        taken[names.index("external_id")] = f"external_id || ' {offsets['conversation']}'"
    first = next(iter(ids))
    store.execute(f"INSERT INTO {table} SELECT {', '.join(taken)} FROM {table} WHERE {first} <= {upto[ids[first]]}")


def grow(data, times):
    """So many times as large. Messages that there are now."""
    store = sqlite3.connect(data / "mcp-backend.db")
    counter = dict(store.execute("SELECT name, value FROM counters").fetchall())
    upto = {"conversation": counter["conversation_id"], "chunk": counter["chunk_id"]}
    for copy in range(1, times):
        offsets = {name: copy * value for name, value in upto.items()}
        for table, ids in TABLES.items():
            copy_rows(store, table, ids, offsets, upto)
    store.execute(f"UPDATE counters SET value = value * {times} WHERE name IN ('conversation_id', 'chunk_id')")
    for column in ("conversations", "messages", "chunks", "terms_length"):
        store.execute(f"UPDATE corpus_statistics SET {column} = {column} * {times}")
    store.execute(f"UPDATE embedding_spaces SET chunks = chunks * {times}")
    messages = store.execute("SELECT messages FROM corpus_statistics").fetchone()[0]
    store.commit()
    store.close()
    return messages
