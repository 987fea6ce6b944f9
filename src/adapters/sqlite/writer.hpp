#pragma once

#include <memory>
#include <thread>
#include <utility>

#include "application/ports/telemetry.hpp"
#include "awaited_write.hpp"
#include "condition.hpp"
#include "group_commit.hpp"
#include "index_registry.hpp"
#include "store_log.hpp"
#include "writable_store.hpp"
#include "write_queue.hpp"
#include "writer_options.hpp"

namespace rag::sqlite {

/// The one thread that writes and checkpoints: takes what waits in the queue, commits it as a
/// group, tells the indexes, answers.
class Writer {
public:
    Writer(WriterOptions options, StoreCondition& condition, Telemetry& telemetry);
    ~Writer();  // Does what is queued, checkpoints and closes.
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Runs `work`, a Result<T>(WriteSession&) that owns its data, in a transaction on behalf of
    /// the context's tenant; its outcome comes once that is on disk. `timeout`: it did not get its
    /// turn and was not done.
    template <class Work>
    Task<std::invoke_result_t<Work&, WriteSession&>> submit(
        Work work, std::size_t bytes, CallContext context
    ) {
        return submit_to(queue_, std::move(work), bytes, std::move(context));
    }

    const IndexRegistry& indexes() const { return indexes_; }
    bool connected() const { return store_.connected(); }
    std::size_t waiting() const { return queue_.waiting(); }

private:
    void run();
    bool open();
    void commit(WriteGroup group);

    const WriterOptions options_;
    StoreCondition& condition_;
    const StoreLog log_;
    WriteQueue queue_;
    IndexRegistry indexes_;

    // The rest belongs to the thread.
    WritableStore store_;
    GroupCommit commits_;
    bool held_up_ = false;  // By reads; logged once.
    std::thread thread_;    // Last: it uses all of the above.
};

}  // namespace rag::sqlite
