#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "application/ports/conversation_repository.hpp"
#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"
#include "domain/text_ports.hpp"

namespace rag {

class Deadlines;

/// The store's file in the data folder; SQLite keeps `-wal` and `-shm` beside it.
inline constexpr std::string_view kSqliteFileName = "mcp-backend.db";

/// How fault tests break the store on purpose; never set by the server.
struct SqliteTestOptions {
    std::string vfs;                         // A registered VFS of SQLite; empty: the default.
    std::string synchronous = "FULL";        // "OFF": the control run of the power cut.
    bool acknowledge_before_commit = false;  // The control run of the commit order.
    /// What is run in place of a statement: the control run of the tenants' separation.
    std::function<std::string(std::string_view)> rewritten_statement;
};

struct SqliteOptions {
    std::filesystem::path data_dir;
    /// Makes the terms that come. What another one has made is made anew when the store is opened.
    /// It outlives the store. nullptr: terms stay as they are; only for tests of other things.
    const TermAnalyzer* analyzer = nullptr;
    /// Where large writes are prepared; it outlives the store. nullptr: where they come from.
    WorkPool* work_pool = nullptr;
    std::size_t readers = 4;  // Connections that read, and threads that use them.
    std::size_t reads_waiting_max = 256;
    std::size_t search_threads = 2;
    std::size_t searches_waiting_max = 256;
    std::size_t scan_threads = 1;  // Threads that share the scan of one search.
    std::size_t writes_waiting_max = 1'024;
    std::size_t write_bytes_waiting_max = std::size_t{256} << 20;
    Deadlines* deadlines = nullptr;  // The program's; they outlive the store. nullptr: its own.
    WallClock clock;                 // Empty: the system's.
    /// Is told about once a second what takes long while the store is opened, in words, and "" when
    /// it is over; on a thread of the store. Empty: nobody watches. The log says it in any case.
    std::function<void(const std::string& work)> shows_work;
    SqliteTestOptions test;
};

/// The embedded store. Returns at once: opening, migrating, new terms and the index go on in the
/// background (`status().state`), and calls wait for them until their deadline. The caller holds
/// the data folder's lock, for there is one writing connection. `telemetry` and the executors of
/// the calls outlive the store; no call may be under way when it is destroyed, which finishes
/// what is queued, checkpoints and closes.
std::unique_ptr<ConversationRepository> make_sqlite_repository(
    SqliteOptions options, Telemetry& telemetry
);

struct SchemaVersions {
    int before = 0;  // 0: there was no store.
    int after = 0;
};

/// Brings the store's schema up to date and nothing else; what `mcp-backend migrate` does.
/// `unavailable`: a newer program wrote it, or it cannot be opened.
Result<SchemaVersions> migrate_sqlite_store(const SqliteOptions& options, Telemetry& telemetry);

}  // namespace rag
