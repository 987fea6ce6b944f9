#include "connection.hpp"

#include <chrono>
#include <utility>

#include "functions.hpp"

namespace rag::sqlite {

namespace {

// About a tenth of a millisecond of work: a statement stops that soon after its deadline.
constexpr int kStepsBetweenLooks = 5'000;

constexpr const char* kReadPragmas =
    "PRAGMA query_only = ON;"
    "PRAGMA cache_size = -4096;"
    "PRAGMA mmap_size = 0;";

// Checkpoints are made by the writer alone, at moments of its choosing (checkpoints.cpp).
constexpr const char* kWritePragmas =
    "PRAGMA locking_mode = NORMAL;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -16384;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA temp_store = MEMORY;";

int count_frames(void* frames, sqlite3*, const char*, int pages) {
    *static_cast<std::int64_t*>(frames) = pages;
    return SQLITE_OK;
}

int stop_at_deadline(void* deadline) {
    return std::chrono::steady_clock::now() >= *static_cast<const Deadline*>(deadline) ? 1 : 0;
}

}  // namespace

Error to_error(const SqliteError& failure) {
    switch (failure.code() & 0xff) {
        case SQLITE_INTERRUPT:
            return {ErrorCode::timeout, "The deadline passed while the store was read.", {}};
        case SQLITE_FULL:
            return {ErrorCode::no_space, "There is no space left to store this.", {}};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::corrupt, "The store is damaged; run `mcp-backend verify`.", {}};
        case SQLITE_TOOBIG:
            return {ErrorCode::too_large, "A value is larger than the store can hold.", {}};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_NOMEM:
            return {ErrorCode::unavailable, "The store cannot be reached right now.", {}};
        default:
            return {ErrorCode::internal, "The store failed unexpectedly.", {}};
    }
}

Cursor::~Cursor() { sqlite3_reset(statement_); }

bool Cursor::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3* db = sqlite3_db_handle(statement_);
    throw SqliteError(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
}

std::int64_t Cursor::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Cursor::real(int column) const { return sqlite3_column_double(statement_, column); }

bool Cursor::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string Cursor::text(int column) const {
    const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return begin == nullptr ? std::string() : std::string(begin, size);
}

Blob Cursor::blob(int column) const {
    const auto* begin = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return begin == nullptr ? Blob() : Blob(begin, size);
}

std::optional<std::string> Cursor::optional_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<Timestamp> Cursor::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return Timestamp{integer(column)};
}

Connection::Connection(const ConnectionOptions& options) : rewritten_(options.rewritten) {
    const bool writes = options.mode == OpenMode::read_write;
    const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* db = nullptr;
    const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
    const int code = sqlite3_open_v2(options.path.c_str(), &db, flags, vfs);
    db_.reset(db);
    check(code, "open");
    // Waits for a reader's snapshot during a checkpoint, never for another writer: there is none.
    sqlite3_busy_timeout(db, 1'000);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, writes ? 0 : 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    execute(writes ? kWritePragmas : kReadPragmas);
    add_functions(db);
    if (writes) sqlite3_wal_hook(db, count_frames, &wal_frames_);
    if (writes) execute(("PRAGMA synchronous = " + options.synchronous).c_str());
}

void Connection::execute(const char* sql) {
    check(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr), "execute");
}

int Connection::ask_watch(void* connection) {
    return static_cast<const Connection*>(connection)->watch_() ? 0 : 1;
}

void Connection::count_row(void* connection, int, const char*, const char*, sqlite3_int64) {
    ++static_cast<Connection*>(connection)->watched_rows_;
}

void Connection::watch(std::function<bool()> goes_on) {
    watch_ = std::move(goes_on);
    watched_rows_ = 0;
    const bool watched = static_cast<bool>(watch_);
    sqlite3_progress_handler(
        db_.get(), watched ? kStepsBetweenLooks : 0, watched ? ask_watch : nullptr, this
    );
    sqlite3_update_hook(db_.get(), watched ? count_row : nullptr, this);
}

std::int64_t Connection::changes() const { return sqlite3_changes64(db_.get()); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }

bool Connection::roll_back() noexcept {
    if (in_transaction()) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    return !in_transaction();
}

void Connection::set_deadline(Deadline deadline) {
    deadline_ = deadline;
    sqlite3_progress_handler(db_.get(), kStepsBetweenLooks, stop_at_deadline, &deadline_);
}

void Connection::clear_deadline() { sqlite3_progress_handler(db_.get(), 0, nullptr, nullptr); }

void Connection::checkpoint(int mode) {
    int frames = 0;
    int moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(db_.get(), nullptr, mode, &frames, &moved);
    check(code, "checkpoint");
    if (mode >= SQLITE_CHECKPOINT_RESTART) wal_frames_ = 0;
}

void Connection::leave_log() {
    sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Connection::run_bound(sqlite3_stmt* statement) {
    Cursor cursor(statement);
    while (cursor.next()) {
    }
}

std::int64_t Connection::integer_of(sqlite3_stmt* statement) {
    Cursor cursor(statement);
    if (!cursor.next()) return 0;
    const std::int64_t value = cursor.integer(0);
    cursor.next();  // To its end: it may be an UPDATE ... RETURNING.
    return value;
}

sqlite3_stmt* Connection::prepared(const char* sql) {
    auto [place, added] = statements_.try_emplace(sql);
    if (!added) return place->second.get();
    const std::string text = rewritten_ ? rewritten_(sql) : std::string(sql);
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(
        db_.get(), text.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr
    );
    if (code != SQLITE_OK) statements_.erase(place);
    check(code, "prepare");
    place->second.reset(statement);
    return statement;
}

void Connection::check(int code, const char* doing) const {
    if (code == SQLITE_OK) return;
    const char* why = db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code);
    throw SqliteError(code, std::string(doing) + ": " + why);
}

void Connection::bind(sqlite3_stmt* s, int place, double value, sqlite3_destructor_type) {
    check(sqlite3_bind_double(s, place, value), "bind");
}

void Connection::bind(sqlite3_stmt* s, int place, Timestamp value, sqlite3_destructor_type) {
    check(sqlite3_bind_int64(s, place, value.ms), "bind");
}

void Connection::bind(sqlite3_stmt* s, int place, std::nullptr_t, sqlite3_destructor_type) {
    check(sqlite3_bind_null(s, place), "bind");
}

void Connection::bind(
    sqlite3_stmt* s, int place, std::string_view text, sqlite3_destructor_type lifetime
) {
    // An empty view may hold no address, which SQLite would read as NULL.
    const char* begin = text.empty() ? "" : text.data();
    check(sqlite3_bind_text64(s, place, begin, text.size(), lifetime, SQLITE_UTF8), "bind");
}

void Connection::bind(sqlite3_stmt* s, int place, Blob bytes, sqlite3_destructor_type lifetime) {
    const std::uint8_t none = 0;
    const std::uint8_t* begin = bytes.empty() ? &none : bytes.data();
    const auto kept = bytes.empty() ? SQLITE_TRANSIENT : lifetime;
    check(sqlite3_bind_blob64(s, place, begin, bytes.size(), kept), "bind");
}

}  // namespace rag::sqlite
