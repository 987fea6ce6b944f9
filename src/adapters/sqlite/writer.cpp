#include "writer.hpp"

#include <array>
#include <filesystem>
#include <system_error>

#include "answers.hpp"
#include "index_loader.hpp"
#include "migrations.hpp"
#include "reads.hpp"
#include "sql.hpp"
#include "store_files.hpp"
#include "term_renewal.hpp"

namespace rag::sqlite {

namespace {

using namespace std::chrono_literals;
using State = StoreCondition::State;

constexpr WriteQueueLimits kGroupMax{.count_max = 128, .bytes_max = std::size_t{32} << 20};
constexpr std::string_view kLogger = "app.infrastructure.sqlite";
constexpr auto kLookEvery = 1s;
constexpr auto kTellEvery = 10s;  // How far long work has come.
// A checkpoint costs two fsyncs, so it waits for some log to be worth them.
constexpr std::int64_t kCheckpointBytes = std::int64_t{16} << 20;
// From here on the writer waits for the readers that keep the log from starting over ...
constexpr std::int64_t kWalBytesHigh = std::int64_t{128} << 20;
// ... and from here on nothing is written until it has.
constexpr std::int64_t kWalBytesMax = std::int64_t{512} << 20;
// A turn is short, for a commit waits for it. More than one commit can bring, so that no backlog
// grows.
constexpr int kPurgedAtOnce = 500;
constexpr std::int64_t kPurgeEveryMs = 60'000;

std::int64_t wal_bytes(std::int64_t frames) { return frames * 4'096; }

/// After such a failure the transaction is gone, or nobody knows what is on disk.
bool ends_transaction(int code) {
    switch (code & 0xff) {
        case SQLITE_IOERR:
        case SQLITE_FULL:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_NOMEM:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
            return true;
        default:
            return false;
    }
}

/// Without space, or while somebody else holds the file, nothing was written; any other failure
/// leaves open what the disk holds.
bool wrote_nothing(const SqliteError& failure) {
    const int code = failure.code() & 0xff;
    return code == SQLITE_FULL || code == SQLITE_BUSY;
}

bool is_whole(Connection& db) {
    Cursor row = db.query(sql::kQuickCheck);
    return row.next() && row.text(0) == "ok";
}

void refuse_all(WriteGroup& group, const Error& why) {
    for (std::unique_ptr<WriteJob>& job : group) job->refuse(why);
    group.clear();
}

}  // namespace

Writer::Writer(WriterOptions options, StoreCondition& condition, Telemetry& telemetry)
    : options_(std::move(options)),
      condition_(condition),
      telemetry_(telemetry),
      queue_(options_.queue, *options_.deadlines),
      thread_([this] { run(); }) {}

Writer::~Writer() {
    queue_.close();
    thread_.join();
}

std::shared_ptr<const ChunkIndex> Writer::index() const {
    const std::lock_guard lock(published_mutex_);
    return index_;
}

ActiveSpace Writer::space() const {
    const std::lock_guard lock(published_mutex_);
    return space_;
}

IndexLevel Writer::index_level() const {
    const std::scoped_lock lock(applying_mutex_, published_mutex_);
    return {change_seq_, index_->stats()};
}

void Writer::run() {
    if (open()) {
        while (true) {
            WriteGroup group = queue_.take(kGroupMax, kLookEvery);
            if (group.empty() && queue_.closed()) break;
            if (!group.empty()) commit(std::move(group));
            maintain();
        }
    }
    condition_.closed();
    // As the last connection it checkpoints what the log still holds.
    db_.reset();
    connected_ = false;
}

bool Writer::open() {
    while (true) {
        const Result<void> done = try_open();
        if (done) {
            condition_.opened();
            return true;
        }
        if (condition_.status().error != done.error().message) {
            log(LogLevel::error, "The store cannot be opened", done.error().message);
        }
        condition_.open_failed(done.error());
        WriteGroup waiting = queue_.take(kGroupMax, 0ms);
        refuse_all(waiting, done.error());
        if (queue_.wait_closed(kLookEvery)) return false;
    }
}

Result<void> Writer::try_open() {
    try {
        prepare_files(options_.connection.path);
        db_ = std::make_unique<Connection>(options_.connection);
        if (Result<void> done = migrate(*db_, migrations(), now()); !done) return done;
        connected_ = true;
        renew_terms();
        const ActiveSpace space = last_space(*db_);
        publish_whole(space, level(space));
        return {};
    } catch (const SqliteError& failure) {
        if (condition_.state() != State::failed) {
            log(LogLevel::error, "SQLite failed while the store was opened", failure.what());
        }
        return tl::unexpected(to_error(failure));
    } catch (const std::filesystem::filesystem_error& failure) {
        if (condition_.state() != State::failed) {
            log(LogLevel::error, "The data folder (DATA_DIR) cannot be used", failure.what());
        }
        return tl::unexpected(to_error(failure));
    }
}

void Writer::renew_terms() {
    if (options_.analyzer == nullptr) return;
    TermRenewal renewal(*db_, *options_.analyzer);
    if (!renewal.needed()) return;
    const auto begin = std::chrono::steady_clock::now();
    auto told = begin;
    while (renewal.renew_some()) {
        if (queue_.closed()) throw SqliteError(SQLITE_INTERRUPT, "stopped while terms were made");
        checkpoint_if_long();
        const auto at = std::chrono::steady_clock::now();
        if (at - told < kTellEvery) continue;
        told = at;
        log_renewal("Terms are being made anew for another text analyzer", renewal, at - begin);
    }
    if (renewal.renewed() == 0) return;
    log_renewal(
        "Terms were made anew for another text analyzer",
        renewal,
        std::chrono::steady_clock::now() - begin
    );
}

void Writer::commit(WriteGroup group) {
    if (!db_ && !reopen()) {
        return refuse_all(group, {ErrorCode::unavailable, "The store cannot be written now.", {}});
    }
    const bool held_up = wal_bytes(db_->wal_frames()) > kWalBytesMax;
    if (held_up && !std::exchange(held_up_, true)) {
        log(LogLevel::warning,
            "Writes are refused until reads that began long ago end",
            "The write-ahead log is over 512 MiB. Look for long requests, and for other programs "
            "that have the store's file open.");
    }
    if (held_up) {
        constexpr const char* kWhy = "Long reads hold up the writes; try again in some seconds.";
        return refuse_all(group, {ErrorCode::overloaded, kWhy, {}});
    }
    held_up_ = false;
    condition_.begin_commit();
    std::vector<IndexBatch> batches;
    WriteSession session{*db_, now(), analyzer_version(), space(), {}};
    Level reached;
    try {
        db_->execute(sql::kBeginWrite);
        for (std::unique_ptr<WriteJob>& job : group) execute(*job, session, batches);
        purge();
        if (options_.acknowledge_before_commit) {
            for (std::unique_ptr<WriteJob>& job : group) job->answer();
            group.clear();
        }
        // Nothing is read after the commit: if that failed, what is on disk would be refused.
        reached = level(session.space);
        db_->execute(sql::kCommit);
    } catch (const SqliteError& failure) {
        condition_.end_commit();
        return abandon(std::move(group), failure);
    }
    condition_.end_commit();
    publish(std::move(batches), session.space, reached);
    for (std::unique_ptr<WriteJob>& job : group) job->answer();
}

void Writer::execute(WriteJob& job, WriteSession& session, std::vector<IndexBatch>& batches) {
    db_->run(sql::kSavepoint);
    const ActiveSpace space = session.space;
    session.index = {};
    bool kept = false;
    try {
        kept = job.execute(session);
    } catch (const SqliteError& failure) {
        if (ends_transaction(failure.code()) || !db_->in_transaction()) throw;
        log(LogLevel::error, "SQLite failed within a write", failure.what());
        job.fail(to_error(failure));
    } catch (const std::exception&) {
        job.fail({ErrorCode::internal, "Unexpected failure inside a write.", {}});
    }
    if (!kept) {
        db_->run(sql::kRollbackToSavepoint);
        session.space = space;
    } else if (!session.index.added.empty() || !session.index.removed.empty()) {
        batches.push_back(std::move(session.index));
    }
    db_->run(sql::kReleaseSavepoint);
}

void Writer::purge() {
    const Timestamp at = now();
    if (at.ms - purged_at_.ms < kPurgeEveryMs) return;
    const std::int64_t last = db_->integer(sql::kCounter, "change_seq");
    db_->run(sql::kTrimChanges, last - options_.changes_kept, kPurgedAtOnce);
    const bool trimmed = db_->changes() < kPurgedAtOnce;
    const bool purged = purge_answers(*db_, at, kPurgedAtOnce) < kPurgedAtOnce;
    // After a full turn there may be more, so the next commit goes on.
    if (trimmed && purged) purged_at_ = at;
}

void Writer::publish(
    std::vector<IndexBatch> batches, const ActiveSpace& space, const Level& level
) {
    if (space == this->space()) {
        condition_.counted(level.chunks_without_embedding);
        const std::lock_guard lock(applying_mutex_);
        for (IndexBatch& batch : batches) index_->apply(std::move(batch));
        change_seq_ = level.change_seq;
        return;
    }
    try {
        publish_whole(space, level);
    } catch (const SqliteError& failure) {
        if (queue_.closed()) return;  // Nobody will search any more.
        // What was written stays written. `reopen` builds the index, and tries until it can.
        failed(failure, "The index could not be built");
        disconnect();
    }
}

void Writer::publish_whole(const ActiveSpace& space, const Level& level) {
    const auto stopped = [this] { return queue_.closed(); };
    std::shared_ptr<ChunkIndex> index = build_index(*db_, space, options_.scan_threads, stopped);
    condition_.counted(level.chunks_without_embedding);
    const std::scoped_lock lock(applying_mutex_, published_mutex_);
    index_ = std::move(index);
    space_ = space;
    change_seq_ = level.change_seq;
}

Writer::Level Writer::level(const ActiveSpace& space) {
    return {
        db_->integer(sql::kCounter, "change_seq"), counts(*db_, space).chunks_without_embedding};
}

void Writer::abandon(WriteGroup group, const SqliteError& why) {
    const Error error = failed(why);
    if (!db_->roll_back() || !wrote_nothing(why)) disconnect();
    refuse_all(group, error);
}

Error Writer::failed(const SqliteError& why, std::string_view what) {
    Error error = to_error(why);
    if (condition_.state() != State::failed) log(LogLevel::error, what, why.what());
    condition_.set(State::failed, error.message);
    return error;
}

void Writer::disconnect() {
    connected_ = false;
    if (db_) db_->leave_log();
    db_.reset();
}

bool Writer::reopen() {
    try {
        db_ = std::make_unique<Connection>(options_.connection);
        if (!is_whole(*db_)) throw SqliteError(SQLITE_CORRUPT, "the quick check found damage");
        // After a failed sync the kernel may show what the disk does not have. What the log says
        // is written anew, so that nothing rests on pages that will never be written again.
        db_->checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
        probe();
        const ActiveSpace space = last_space(*db_);
        const Level found = level(space);
        if (found.change_seq != change_seq_ || space != this->space()) publish_whole(space, found);
        checkpointed_frames_ = 0;
        connected_ = true;
        condition_.set(State::healthy, {});
        log(LogLevel::warning, "The store was opened again after a failed write");
        return true;
    } catch (const SqliteError& failure) {
        failed(failure);
        disconnect();
        return false;
    }
}

void Writer::probe() {
    db_->execute(sql::kBeginWrite);
    db_->run(sql::kTouch);
    db_->execute(sql::kCommit);
}

void Writer::maintain() {
    try {
        if (db_) checkpoint_if_long();
        const auto at = std::chrono::steady_clock::now();
        if (at - looked_at_ < kLookEvery) return;
        if (db_ || reopen()) look();
        looked_at_ = std::chrono::steady_clock::now();
    } catch (const SqliteError& failure) {
        failed(failure);
        if (!db_->roll_back() || !wrote_nothing(failure)) disconnect();
    }
}

void Writer::checkpoint_if_long() {
    const std::int64_t frames = db_->wal_frames();
    if (frames < checkpointed_frames_) checkpointed_frames_ = 0;  // The log has started over.
    const bool high = wal_bytes(frames) > kWalBytesHigh;
    if (!high && wal_bytes(frames - checkpointed_frames_) < kCheckpointBytes) return;
    // PASSIVE never waits; RESTART does, up to the busy timeout, so that the log can start over.
    try {
        db_->checkpoint(high ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE);
    } catch (const SqliteError& failure) {
        if ((failure.code() & 0xff) != SQLITE_BUSY) throw;  // Readers are in the way: later.
    }
    checkpointed_frames_ = db_->wal_frames();
}

void Writer::look() {
    const std::filesystem::path store = options_.connection.path;
    const auto begin = std::chrono::steady_clock::now();
    db_->integer(sql::kSchemaVersion);
    const std::chrono::duration<double, std::milli> latency =
        std::chrono::steady_clock::now() - begin;
    condition_.measured(latency.count(), file_bytes(wal_of(store)));
    if (condition_.state() == State::failed) probe();
    const bool low = is_nearly_full(store);
    condition_.set(
        low ? State::nearly_full : State::healthy, low ? "The disk is nearly full." : ""
    );
}

void Writer::log(LogLevel level, std::string_view message, std::string_view detail) {
    const std::array<LogField, 1> fields{LogField{"detail", detail}};
    const std::span<const LogField> shown(fields.data(), detail.empty() ? 0 : 1);
    telemetry_.log(level, kLogger, message, {}, shown);
}

void Writer::log_renewal(
    std::string_view message, const TermRenewal& renewal, std::chrono::duration<double> took
) {
    const std::array<LogField, 3> fields{
        LogField{"chunks", renewal.renewed()},
        LogField{"chunks_total", renewal.total()},
        LogField{"seconds", took.count()}};
    telemetry_.log(LogLevel::info, kLogger, message, {}, fields);
}

Timestamp Writer::now() const { return options_.clock(); }

std::uint32_t Writer::analyzer_version() const {
    return options_.analyzer == nullptr ? 0 : options_.analyzer->version();
}

}  // namespace rag::sqlite
