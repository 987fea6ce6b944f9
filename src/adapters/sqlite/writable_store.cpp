#include "writable_store.hpp"

#include <filesystem>
#include <system_error>

#include "index_loader.hpp"
#include "migrations.hpp"
#include "secrets.hpp"
#include "spaces.hpp"
#include "sql.hpp"
#include "sqlite_failures.hpp"
#include "store_files.hpp"
#include "term_renewal.hpp"

namespace rag::sqlite {

namespace {

using namespace std::chrono_literals;
using State = StoreCondition::State;

constexpr auto kLookEvery = 1s;

bool is_whole(Connection& db) {
    Cursor row = db.query(sql::kQuickCheck);
    return row.next() && row.text(0) == "ok";
}

}  // namespace

WritableStore::WritableStore(
    const WriterOptions& options,
    StoreCondition& condition,
    IndexRegistry& indexes,
    const StoreLog& log,
    std::function<bool()> stopping
)
    : options_(options),
      condition_(condition),
      indexes_(indexes),
      log_(log),
      stopping_(std::move(stopping)),
      work_(log, [this](const std::string& what) {
          condition_.working(what);
          if (options_.shows_work) options_.shows_work(what);
      }) {}

Result<void> WritableStore::open() {
    Result<void> done = open_once();
    if (done) {
        condition_.opened();
        return done;
    }
    if (!stopping_() && condition_.status().error != done.error().message) {
        log_.say(LogLevel::error, "The store cannot be opened", done.error().message);
    }
    condition_.open_failed(done.error());
    return done;
}

void WritableStore::tell_renamed() {
    if (db_->integer(sql::kHasRenamed) == 0) return;
    if (const std::int64_t count = db_->integer(sql::kCountRenamed); count > 0) {
        const std::array fields{LogField{"conversations", count}};
        log_.say(
            LogLevel::warning,
            "Conversations had the external_id of a newer one; they keep it in their metadata",
            fields
        );
    }
    db_->execute(sql::kForgetRenamed);
}

Result<void> WritableStore::bring_schema_up_to_date() {
    const MigrationWatch watch{&work_, [this] { return !stopping_(); }};
    Result<void> done = migrate(*db_, migrations(), options_.clock(), watch);
    // They may have rewritten all that there is: no write shall wait for that log to end.
    if (done) checkpoints_.make_if_long(*db_);
    return done;
}

Result<void> WritableStore::open_once() {
    try {
        prepare_files(options_.connection.path);
        db_ = std::make_unique<Connection>(options_.connection);
        if (Result<void> done = bring_schema_up_to_date(); !done) return done;
        connected_ = true;
        tell_renamed();
        ensure_session_key(*db_, options_.clock());
        renew_terms();
        build_indexes_of(current_space(*db_));
        return {};
    } catch (const SqliteError& failure) {
        const bool told = stopping_() || condition_.state() == State::failed;
        if (!told) {
            log_.say(LogLevel::error, "SQLite failed while the store was opened", failure.what());
        }
        return tl::unexpected(to_error(failure));
    } catch (const std::filesystem::filesystem_error& failure) {
        if (condition_.state() != State::failed) {
            log_.say(LogLevel::error, "The data folder (DATA_DIR) cannot be used", failure.what());
        }
        return tl::unexpected(to_error(failure));
    }
}

void WritableStore::renew_terms() {
    if (options_.analyzer == nullptr) return;
    for (const TenantId& tenant : tenants_of(*db_)) {
        TermRenewal renewal(TenantConnection(*db_, tenant), *options_.analyzer);
        if (renewal.needed()) renew_terms(renewal);
    }
}

void WritableStore::renew_terms(TermRenewal& renewal) {
    const auto done = [&renewal] {
        return WorkDone{.unit = "chunks", .count = renewal.renewed(), .total = renewal.total()};
    };
    work_.begin("Terms are made anew for another text analyzer");
    while (renewal.renew_some()) {
        if (stopping_()) throw SqliteError(SQLITE_INTERRUPT, "stopped while terms were made");
        checkpoints_.make_if_long(*db_);
        work_.came_to(done());
    }
    if (renewal.renewed() > 0) work_.end(done());
}

void WritableStore::build_indexes_of(const EmbeddingSpace& space) {
    const TenantLevels levels = read_levels(*db_, space);
    const ChunkIndexOptions options = indexes_.options_for(space);
    WorkDone done{.unit = "chunks"};
    for (const auto& [tenant, level] : levels) done.total += level.counts.chunks;
    work_.begin("The index is built");
    const auto goes_on = [&](std::int64_t chunks) {
        done.count = chunks;
        work_.came_to(done);
        return !stopping_();
    };
    indexes_.replace(space, build_indexes(*db_, levels, options, goes_on));
    done.count = done.total;
    if (work_.told()) work_.end(done);
}

void WritableStore::rebuild_indexes() {
    try {
        build_indexes_of(current_space(*db_));
    } catch (const SqliteError& failure) {
        if (stopping_()) return;  // Nobody will search any more.
        // What was written stays written. `reopen` builds the indexes, and tries until it can.
        failed(failure, "The index could not be built");
        disconnect();
    }
}

Connection* WritableStore::connection() {
    if (!db_ && !reopen()) return nullptr;
    return db_.get();
}

Error WritableStore::recover_from(const SqliteError& why) {
    Error error = failed(why);
    if (!db_->roll_back() || !wrote_nothing(why)) disconnect();
    return error;
}

Error WritableStore::failed(const SqliteError& why, std::string_view what) {
    Error error = to_error(why);
    if (condition_.state() != State::failed) log_.say(LogLevel::error, what, why.what());
    condition_.set(State::failed, error.message);
    return error;
}

void WritableStore::disconnect() {
    connected_ = false;
    if (db_) db_->leave_log();
    db_.reset();
}

void WritableStore::close() {
    db_.reset();
    connected_ = false;
}

bool WritableStore::reopen() {
    try {
        db_ = std::make_unique<Connection>(options_.connection);
        if (!is_whole(*db_)) throw SqliteError(SQLITE_CORRUPT, "the quick check found damage");
        // After a failed sync the kernel may show what the disk does not have. What the log says
        // is written anew, so that nothing rests on pages that will never be written again.
        db_->checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
        probe();
        const EmbeddingSpace space = current_space(*db_);
        if (!indexes_are_level(space)) build_indexes_of(space);
        checkpoints_.begin_anew();
        connected_ = true;
        condition_.set(State::healthy, {});
        log_.say(LogLevel::warning, "The store was opened again after a failed write");
        return true;
    } catch (const SqliteError& failure) {
        failed(failure);
        disconnect();
        return false;
    }
}

bool WritableStore::indexes_are_level(const EmbeddingSpace& space) {
    if (space != indexes_.space()) return false;
    for (const auto& [tenant, found] : read_levels(*db_, space)) {
        const bool level = indexes_.has(tenant) &&
                           indexes_.level(tenant).change_seq == found.change_seq &&
                           indexes_.level(tenant).space_id == found.space_id;
        if (!level) return false;
    }
    return true;
}

void WritableStore::probe() {
    db_->run(sql::kBeginWrite);
    db_->run(sql::kTouch);
    db_->run(sql::kCommit);
}

void WritableStore::maintain() {
    try {
        if (db_) checkpoints_.make_if_long(*db_);
        const auto at = std::chrono::steady_clock::now();
        if (at - looked_at_ < kLookEvery) return;
        if (db_ || reopen()) look();
        looked_at_ = std::chrono::steady_clock::now();
    } catch (const SqliteError& failure) {
        recover_from(failure);
    }
}

void WritableStore::look() {
    const std::filesystem::path store = options_.connection.path;
    const auto begin = std::chrono::steady_clock::now();
    db_->integer(sql::kSchemaVersion);
    const std::chrono::duration<double, std::milli> latency =
        std::chrono::steady_clock::now() - begin;
    condition_.measured(latency.count(), file_bytes(wal_of(store)));
    if (condition_.state() == State::failed) probe();
    const bool low = is_nearly_full(store);
    condition_.set(
        low ? State::nearly_full : State::healthy,
        low ? "The disk is nearly full: nothing more is stored until there is room on it." : ""
    );
}

}  // namespace rag::sqlite
