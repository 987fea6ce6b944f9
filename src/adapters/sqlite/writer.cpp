#include "writer.hpp"

#include <chrono>

namespace rag::sqlite {

namespace {

using namespace std::chrono_literals;

constexpr WriteQueueLimits kGroupMax{.count_max = 128, .bytes_max = std::size_t{32} << 20};
constexpr auto kTurn = 1s;  // At most so long without looking after the store.

void refuse_all(WriteGroup& group, const Error& why) {
    for (std::unique_ptr<WriteJob>& job : group) job->refuse(why);
    group.clear();
}

}  // namespace

Writer::Writer(WriterOptions options, StoreCondition& condition, Telemetry& telemetry)
    : options_(std::move(options)),
      condition_(condition),
      log_(telemetry),
      queue_(options_.queue, *options_.deadlines),
      indexes_(options_.scan_threads),
      store_(options_, condition_, indexes_, log_, [this] { return queue_.closed(); }),
      commits_(options_, condition_, indexes_, log_),
      thread_([this] { run(); }) {}

Writer::~Writer() {
    queue_.close();
    thread_.join();
}

void Writer::run() {
    if (open()) {
        while (true) {
            WriteGroup group = queue_.take(kGroupMax, kTurn);
            if (group.empty() && queue_.closed()) break;
            if (!group.empty()) commit(std::move(group));
            store_.maintain();
        }
    }
    condition_.closed();
    store_.close();
}

bool Writer::open() {
    while (true) {
        const Result<void> done = store_.open();
        if (done) return true;
        WriteGroup waiting = queue_.take(kGroupMax, 0ms);
        refuse_all(waiting, done.error());
        if (queue_.wait_closed(kTurn)) return false;
    }
}

void Writer::commit(WriteGroup group) {
    Connection* db = store_.connection();
    if (db == nullptr) {
        return refuse_all(group, {ErrorCode::unavailable, "The store cannot be written now.", {}});
    }
    if (Checkpoints::hold_up_writes(*db)) {
        if (!std::exchange(held_up_, true)) {
            log_.say(
                LogLevel::warning,
                "Writes are refused until reads that began long ago end",
                "The write-ahead log is over 512 MiB. Look for long requests, and for other "
                "programs that have the store's file open."
            );
        }
        constexpr const char* kWhy = "Long reads hold up the writes; try again in some seconds.";
        return refuse_all(group, {ErrorCode::overloaded, kWhy, {}});
    }
    held_up_ = false;
    GroupCommit::Committed committed;
    try {
        committed = commits_.run(*db, group);
    } catch (const SqliteError& failure) {
        return refuse_all(group, store_.recover_from(failure));
    }
    if (!commits_.publish(std::move(committed))) store_.rebuild_indexes();
    for (std::unique_ptr<WriteJob>& job : group) job->answer();
}

}  // namespace rag::sqlite
