#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "checkpoints.hpp"
#include "condition.hpp"
#include "index_registry.hpp"
#include "opening_work.hpp"
#include "store_log.hpp"
#include "writer_options.hpp"

namespace rag::sqlite {

class TermRenewal;

/// The life of the writing connection: opened (with the schema, terms and indexes brought up to
/// date), looked after, given up after a failure that leaves open what the disk holds, opened
/// again. Belongs to the writer's thread, but for `connected`.
class WritableStore {
public:
    /// `stopping`: nobody wants it any more, so long work ends early.
    WritableStore(
        const WriterOptions& options,
        StoreCondition& condition,
        IndexRegistry& indexes,
        const StoreLog& log,
        std::function<bool()> stopping
    );

    /// Opens it for the first time. Tells the condition why not, and can be tried again.
    Result<void> open();
    /// The connection, opened again if it was given up. nullptr: it cannot be opened now.
    Connection* connection();
    /// Checkpoints, and once a second looks how the store is; between two commits.
    void maintain();
    /// A write failed: rolls back, or gives the connection up. What to tell those who wait.
    Error recover_from(const SqliteError& why);
    /// Builds the indexes anew from what is committed, after a change of the space.
    void rebuild_indexes();
    /// As the last connection it checkpoints what the log still holds.
    void close();

    bool connected() const { return connected_; }

private:
    Result<void> open_once();
    Result<void> bring_schema_up_to_date();
    void tell_renamed();
    bool reopen();
    void renew_terms();
    void renew_terms(TermRenewal& renewal);
    void build_indexes_of(const EmbeddingSpace& space);
    bool indexes_are_level(const EmbeddingSpace& space);
    void probe();
    void look();
    Error failed(const SqliteError& why, std::string_view what = "A write failed");
    void disconnect();
    const WriterOptions& options_;
    StoreCondition& condition_;
    IndexRegistry& indexes_;
    const StoreLog& log_;
    const std::function<bool()> stopping_;
    OpeningWork work_;
    std::unique_ptr<Connection> db_;
    std::atomic<bool> connected_ = false;
    Checkpoints checkpoints_;
    std::chrono::steady_clock::time_point looked_at_;
};

}  // namespace rag::sqlite
