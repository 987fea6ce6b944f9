#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/conversation.hpp"
#include "domain/error.hpp"
#include "domain/tenant.hpp"
#include "domain/time.hpp"
#include "statement.hpp"

namespace rag::sqlite {

/// A call of SQLite failed. Thrown inside the adapter only; `to_error` ends it at its edge.
class SqliteError : public std::runtime_error {
public:
    SqliteError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    int code() const { return code_; }  // Extended result code.

private:
    int code_;
};

/// What a caller may see of it.
Error to_error(const SqliteError& failure);

using Blob = std::span<const std::uint8_t>;

inline std::string_view as_text(Blob bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

enum class OpenMode : std::uint8_t { read_only, read_write };

struct ConnectionOptions {
    std::string path;
    std::string vfs;  // Empty: the default one.
    OpenMode mode = OpenMode::read_only;
    std::string synchronous = "FULL";
    /// Only for the control run of tests: what is prepared in place of a statement.
    std::function<std::string(std::string_view)> rewritten;
};

/// The rows of a running statement; it is reset when the cursor goes.
class Cursor {
public:
    explicit Cursor(sqlite3_stmt* statement) : statement_(statement) {}
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    /// Steps to the next row; false: there is none.
    bool next();

    std::int64_t integer(int column) const;
    double real(int column) const;
    bool is_null(int column) const;
    std::string text(int column) const;
    /// Valid until the next step.
    Blob blob(int column) const;
    std::optional<std::string> optional_text(int column) const;
    std::optional<Timestamp> optional_time(int column) const;

private:
    sqlite3_stmt* statement_;
};

/// One connection with its prepared statements. Used by one thread at a time. By itself it runs
/// what is about no tenant in particular; rows of one are reached through a TenantConnection.
class Connection {
public:
    /// Throws SqliteError.
    explicit Connection(const ConnectionOptions& options);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs pragmas and schema without parameters and ignores their rows.
    void execute(const char* sql);
    /// Asks, while statements run, whether they may go on; false: they fail with SQLITE_INTERRUPT.
    /// Until it is called with nothing; takes the place of a deadline.
    void watch(std::function<bool()> goes_on);
    /// Rows that were written since `watch` was called, those of a running statement too.
    std::int64_t watched_rows() const { return watched_rows_; }

    /// Runs a statement that gives no row.
    template <class... Arguments>
    void run(StoreStatement statement, const Arguments&... arguments) {
        run_bound(bound(statement.text(), SQLITE_STATIC, arguments...));
    }

    template <class... Arguments>
    Cursor query(StoreStatement statement, const Arguments&... arguments) {
        return Cursor(bound(statement.text(), SQLITE_TRANSIENT, arguments...));
    }

    /// Value of a statement whose only row has one integer; 0 if there is no row.
    template <class... Arguments>
    std::int64_t integer(StoreStatement statement, const Arguments&... arguments) {
        return integer_of(bound(statement.text(), SQLITE_TRANSIENT, arguments...));
    }

    /// Rows that the last statement changed.
    std::int64_t changes() const;
    bool in_transaction() const;
    /// Ends a transaction that failed; false: it could not be ended.
    bool roll_back() noexcept;
    /// Until cleared, a statement that runs past the deadline fails with SQLITE_INTERRUPT.
    void set_deadline(Deadline deadline);
    void clear_deadline();

    /// Pages in the log, as of the last commit.
    std::int64_t wal_frames() const { return wal_frames_; }
    /// Moves the log into the store (SQLITE_CHECKPOINT_...); SQLITE_BUSY: readers are in
    /// the way. After a RESTART or TRUNCATE the log starts over.
    void checkpoint(int mode);
    /// Closing it will not move the log into the store.
    void leave_log();

private:
    friend class TenantConnection;

    struct Close {
        void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };

    template <class... Arguments>
    sqlite3_stmt* bound(
        const char* sql,
        [[maybe_unused]] sqlite3_destructor_type lifetime,
        const Arguments&... arguments
    ) {
        sqlite3_stmt* statement = prepared(sql);
        [[maybe_unused]] int place = 1;
        (bind(statement, place++, arguments, lifetime), ...);
        return statement;
    }

    static int ask_watch(void* connection);
    static void count_row(void* connection, int, const char*, const char*, sqlite3_int64);
    static void run_bound(sqlite3_stmt* statement);
    static std::int64_t integer_of(sqlite3_stmt* statement);
    sqlite3_stmt* prepared(const char* sql);
    void check(int code, const char* doing) const;

    template <std::integral Integer>
    void bind(sqlite3_stmt* statement, int place, Integer value, sqlite3_destructor_type) {
        check(sqlite3_bind_int64(statement, place, static_cast<sqlite3_int64>(value)), "bind");
    }
    void bind(sqlite3_stmt* s, int place, double value, sqlite3_destructor_type);
    void bind(sqlite3_stmt* s, int place, Timestamp value, sqlite3_destructor_type);
    void bind(sqlite3_stmt* s, int place, std::nullptr_t, sqlite3_destructor_type);
    void bind(sqlite3_stmt* s, int place, std::string_view text, sqlite3_destructor_type lifetime);
    void bind(
        sqlite3_stmt* s, int place, const std::string& text, sqlite3_destructor_type lifetime
    ) {
        bind(s, place, std::string_view(text), lifetime);
    }
    void bind(sqlite3_stmt* s, int place, const char* text, sqlite3_destructor_type lifetime) {
        bind(s, place, std::string_view(text), lifetime);
    }
    void bind(sqlite3_stmt* s, int place, Blob bytes, sqlite3_destructor_type lifetime);
    template <class Value>
    void bind(
        sqlite3_stmt* s,
        int place,
        const std::optional<Value>& value,
        sqlite3_destructor_type lifetime
    ) {
        if (value) {
            bind(s, place, *value, lifetime);
        } else {
            bind(s, place, nullptr, lifetime);
        }
    }

    std::function<std::string(std::string_view)> rewritten_;
    std::unique_ptr<sqlite3, Close> db_;
    // Keyed by the text's address: every statement is a constant of sql.hpp.
    std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
    Deadline deadline_ = Deadline::max();
    std::function<bool()> watch_;
    std::int64_t watched_rows_ = 0;
    std::int64_t wal_frames_ = 0;
};

/// A connection on behalf of one tenant, which is ?1 of every statement: nothing else of the store
/// can be named through it. Cheap to make; refers to both.
class TenantConnection {
public:
    TenantConnection(Connection& store, const TenantId& tenant) : store_(store), tenant_(tenant) {}

    const TenantId& tenant() const { return tenant_; }
    Connection& store() { return store_; }

    /// As those of Connection.
    template <class... Arguments>
    void run(TenantStatement statement, const Arguments&... arguments) {
        Connection::run_bound(
            store_.bound(statement.text(), SQLITE_STATIC, tenant_.value, arguments...)
        );
    }

    template <class... Arguments>
    Cursor query(TenantStatement statement, const Arguments&... arguments) {
        return Cursor(store_.bound(statement.text(), SQLITE_TRANSIENT, tenant_.value, arguments...)
        );
    }

    template <class... Arguments>
    std::int64_t integer(TenantStatement statement, const Arguments&... arguments) {
        return Connection::integer_of(
            store_.bound(statement.text(), SQLITE_TRANSIENT, tenant_.value, arguments...)
        );
    }

    std::int64_t changes() const { return store_.changes(); }

private:
    Connection& store_;
    const TenantId& tenant_;
};

}  // namespace rag::sqlite
