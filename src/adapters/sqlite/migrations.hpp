#pragma once

#include <span>

#include "connection.hpp"

namespace rag::sqlite {

/// One numbered file of migrations/sqlite, embedded when the binary is built.
struct Migration {
    int version;
    const char* name;
    const char* sql;
};

/// In order of version, from 1, without gaps.
std::span<const Migration> migrations();

/// The version that the store has; 0: it is new.
int schema_version(Connection& db);

/// Applies what is missing, each in a transaction of its own under an exclusive lock. `unavailable`
/// if the store was written by a newer program.
Result<void> migrate(Connection& db, std::span<const Migration> to_apply, Timestamp now);

}  // namespace rag::sqlite
