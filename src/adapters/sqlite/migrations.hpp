#pragma once

#include <functional>
#include <span>

#include "connection.hpp"
#include "opening_work.hpp"

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

/// What watches migrations; by itself nothing does.
struct MigrationWatch {
    OpeningWork* work = nullptr;  // Is told how far each has come.
    /// Is asked often. False: the one that is under way ends with SQLITE_INTERRUPT and leaves
    /// nothing.
    std::function<bool()> goes_on = {};
};

/// Applies what is missing, each in a transaction of its own under an exclusive lock, so that one
/// that is interrupted begins anew when the store is opened again. `unavailable` if the store was
/// written by a newer program. Throws SqliteError.
Result<void> migrate(
    Connection& db,
    std::span<const Migration> to_apply,
    Timestamp now,
    const MigrationWatch& watch = {}
);

}  // namespace rag::sqlite
