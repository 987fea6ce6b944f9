#include "migrations.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sql.hpp"

namespace rag::sqlite {

namespace {

/// The statements of a file, each to its semicolon.
std::vector<std::string> statements_of(std::string_view sql) {
    std::vector<std::string> statements;
    std::string statement;
    for (const char each : sql) {
        statement += each;
        // A semicolon may stand within a comment, a text or a trigger.
        if (each != ';' || sqlite3_complete(statement.c_str()) == 0) continue;
        statements.push_back(std::move(statement));
        statement.clear();
    }
    statements.push_back(std::move(statement));  // Blanks, as a rule.
    return statements;
}

/// Watches a connection as long as it stands.
class Watched {
public:
    Watched(Connection& db, std::function<bool()> goes_on) : db_(db) {
        db_.watch(std::move(goes_on));
    }
    ~Watched() { db_.watch({}); }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

private:
    Connection& db_;
};

/// Its statements, one after the other. How far it came.
WorkDone run_statements(Connection& db, const Migration& migration, const MigrationWatch& watch) {
    const std::vector<std::string> statements = statements_of(migration.sql);
    WorkDone done{.unit = "steps", .total = static_cast<std::int64_t>(statements.size()) - 1};
    const Watched watched(db, [&] {
        done.rows = db.watched_rows();
        if (watch.work != nullptr) watch.work->came_to(done);
        return !watch.goes_on || watch.goes_on();
    });
    for (const std::string& statement : statements) {
        db.execute(statement.c_str());
        done.count = std::min(done.count + 1, done.total);
    }
    done.rows = db.watched_rows();
    return done;
}

/// In a transaction of its own. What was done.
WorkDone apply(
    Connection& db, const Migration& migration, Timestamp now, const MigrationWatch& watch
) {
    WorkDone done;
    db.run(sql::kBeginMigration);
    try {
        // Somebody else may have been faster between our look and the lock.
        if (schema_version(db) < migration.version) {
            db.execute(sql::kCreateMigrations);
            done = run_statements(db, migration, watch);
            // The schema is nobody's in particular; the column is there because every key has it.
            db.run(sql::kInsertMigration, kDefaultTenant, migration.version, migration.name, now);
        }
        db.run(sql::kCommit);
    } catch (...) {
        db.roll_back();
        throw;
    }
    return done;
}

}  // namespace

int schema_version(Connection& db) {
    if (db.integer(sql::kHasMigrations) == 0) return 0;
    return static_cast<int>(db.integer(sql::kSchemaVersion));
}

Result<void> migrate(
    Connection& db, std::span<const Migration> to_apply, Timestamp now, const MigrationWatch& watch
) {
    const int known = to_apply.empty() ? 0 : to_apply.back().version;
    const int stored = schema_version(db);
    if (stored > known) {
        return fail(
            ErrorCode::unavailable,
            "The store has schema version " + std::to_string(stored) +
                ", this program knows only " + std::to_string(known) +
                ": start a newer mcp-backend."
        );
    }
    for (const Migration& migration : to_apply) {
        if (migration.version <= schema_version(db)) continue;
        OpeningWork* work = watch.work;
        if (work != nullptr) work->begin(std::string("Schema migration ") + migration.name);
        const WorkDone done = apply(db, migration, now, watch);
        // A new store gets all of them at once, which is nothing to tell of.
        if (work != nullptr && (stored > 0 || work->told())) work->end(done);
    }
    return {};
}

}  // namespace rag::sqlite
