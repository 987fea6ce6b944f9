#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "application/completion.hpp"
#include "application/ports/telemetry.hpp"
#include "condition.hpp"
#include "verify.hpp"
#include "write_queue.hpp"

namespace rag::sqlite {

class TermRenewal;

struct WriterOptions {
    ConnectionOptions connection;
    const TermAnalyzer* analyzer = nullptr;  // As in SqliteOptions.
    std::size_t scan_threads = 1;
    WriteQueueLimits queue;
    Deadlines* deadlines = nullptr;  // Of the writes that wait; never null.
    std::function<Timestamp()> clock;
    std::int64_t changes_kept = 100'000;     // Rows of `changes`, the newest.
    bool acknowledge_before_commit = false;  // Only as the control run of fault tests.
};

/// The one connection that writes and checkpoints, on a thread of its own. Requests that wait
/// together share one transaction and one fsync, each within a savepoint. The order is: commit,
/// then the in-memory index, then the answer.
class Writer {
public:
    Writer(WriterOptions options, StoreCondition& condition, Telemetry& telemetry);
    ~Writer();  // Does what is queued, checkpoints and closes.
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Runs `work`, a Result<T>(WriteSession&) that owns its data, in a transaction; its outcome
    /// comes once that is on disk. `timeout`: it did not get its turn and was not done.
    template <class Work>
    Task<std::invoke_result_t<Work&, WriteSession&>> submit(
        Work work, std::size_t bytes, Deadline deadline
    );

    /// Of all that is committed, for the space that is active. A search holds on to the one it
    /// began with while a change of the space puts another in its place: hence shared.
    std::shared_ptr<const ChunkIndex> index() const;
    ActiveSpace space() const;
    /// The index's figures and the change up to which it holds the tables, of one moment.
    IndexLevel index_level() const;
    bool connected() const { return connected_; }
    std::size_t waiting() const { return queue_.waiting(); }

private:
    /// What the tables hold, as one transaction sees them.
    struct Level {
        std::int64_t change_seq = 0;
        std::int64_t chunks_without_embedding = 0;
    };

    void run();
    bool open();
    Result<void> try_open();
    void renew_terms();
    bool reopen();
    void commit(WriteGroup group);
    void execute(WriteJob& job, WriteSession& session, std::vector<IndexBatch>& batches);
    void publish(std::vector<IndexBatch> batches, const ActiveSpace& space, const Level& level);
    void publish_whole(const ActiveSpace& space, const Level& level);
    Level level(const ActiveSpace& space);
    Error failed(const SqliteError& why, std::string_view what = "A write failed");
    void abandon(WriteGroup group, const SqliteError& why);
    void disconnect();
    void purge();
    void maintain();
    void checkpoint_if_long();
    void probe();
    void look();
    void log_renewal(
        std::string_view message, const TermRenewal& renewal, std::chrono::duration<double> took
    );
    void log(LogLevel level, std::string_view message, std::string_view detail = {});
    Timestamp now() const;
    std::uint32_t analyzer_version() const;

    WriterOptions options_;
    StoreCondition& condition_;
    Telemetry& telemetry_;
    WriteQueue queue_;

    mutable std::mutex applying_mutex_;   // Held while the index takes a commit in.
    std::int64_t change_seq_ = 0;         // Up to which it holds the tables.
    mutable std::mutex published_mutex_;  // Guards the next two.
    std::shared_ptr<ChunkIndex> index_;
    ActiveSpace space_;

    // The rest belongs to the thread.
    std::unique_ptr<Connection> db_;
    std::atomic<bool> connected_ = false;
    std::int64_t checkpointed_frames_ = 0;  // Of the log that is there, already in the store.
    std::chrono::steady_clock::time_point looked_at_;
    Timestamp purged_at_;
    bool held_up_ = false;  // By reads; logged once.
    std::thread thread_;    // Last: it uses all of the above.
};

namespace detail {

/// Runs a write and gives its Result to the coroutine that waits for it.
template <class Work>
class AwaitedWrite final : public WriteJob {
public:
    using Answer = std::invoke_result_t<Work&, WriteSession&>;
    using Done = Completion<typename Answer::value_type>;

    AwaitedWrite(Work work, Done done, std::size_t bytes, Deadline deadline)
        : WriteJob(bytes, deadline), work_(std::move(work)), done_(std::move(done)) {}

    bool execute(WriteSession& session) override {
        answer_ = work_(session);
        return answer_->has_value();
    }

    void fail(Error why) noexcept override { answer_ = Answer(tl::unexpected(std::move(why))); }
    void answer() noexcept override { done_.complete(std::move(*answer_)); }
    void refuse(Error why) noexcept override { done_.complete(tl::unexpected(std::move(why))); }

private:
    Work work_;
    Done done_;
    std::optional<Answer> answer_;
};

}  // namespace detail

template <class Work>
Task<std::invoke_result_t<Work&, WriteSession&>> Writer::submit(
    Work work, std::size_t bytes, Deadline deadline
) {
    using Awaited = detail::AwaitedWrite<Work>;
    auto start = [this, bytes, deadline, work = std::move(work)](typename Awaited::Done done
                 ) mutable {
        std::unique_ptr<WriteJob> queued =
            std::make_unique<Awaited>(std::move(work), std::move(done), bytes, deadline);
        if (std::optional<Error> refused = queue_.push(queued)) {
            queued->refuse(std::move(*refused));
        }
    };
    co_return co_await await_completion<typename Awaited::Answer::value_type>(std::move(start));
}

}  // namespace rag::sqlite
