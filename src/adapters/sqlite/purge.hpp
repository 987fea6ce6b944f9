#pragma once

#include "connection.hpp"

namespace rag::sqlite {

/// Forgets, for every tenant, answers that have expired and the oldest changes: some at each turn,
/// for a commit waits for it, and more than one commit can bring, so that no backlog grows.
class Purge {
public:
    explicit Purge(std::int64_t changes_kept) : changes_kept_(changes_kept) {}

    /// Within a transaction; does something once a minute. Throws SqliteError.
    void run(Connection& db, Timestamp now);

private:
    const std::int64_t changes_kept_;  // Of each tenant.
    Timestamp purged_at_;
};

}  // namespace rag::sqlite
