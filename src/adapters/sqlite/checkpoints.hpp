#pragma once

#include <cstdint>

#include "connection.hpp"

namespace rag::sqlite {

/// Keeps the log bounded: moves it into the store when that is worth it, and says when it has grown
/// so long that nothing may be written until reads that hold it up have ended.
class Checkpoints {
public:
    /// Between two commits. Throws SqliteError.
    void make_if_long(Connection& db);

    /// Nothing may be written now.
    static bool hold_up_writes(const Connection& db);

    /// The connection is a new one, and its log was moved into the store.
    void begin_anew() { checkpointed_frames_ = 0; }

private:
    std::int64_t checkpointed_frames_ = 0;  // Of the log that is there, already in the store.
};

}  // namespace rag::sqlite
