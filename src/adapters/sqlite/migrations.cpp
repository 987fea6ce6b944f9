#include "migrations.hpp"

#include "sql.hpp"

namespace rag::sqlite {

namespace {

void apply(Connection& db, const Migration& migration, Timestamp now) {
    db.run(sql::kBeginMigration);
    try {
        // Somebody else may have been faster between our look and the lock.
        if (schema_version(db) < migration.version) {
            db.execute(sql::kCreateMigrations);
            db.execute(migration.sql);
            // The schema is nobody's in particular; the column is there because every key has it.
            db.run(sql::kInsertMigration, kDefaultTenant, migration.version, migration.name, now);
        }
        db.run(sql::kCommit);
    } catch (...) {
        db.roll_back();
        throw;
    }
}

}  // namespace

int schema_version(Connection& db) {
    if (db.integer(sql::kHasMigrations) == 0) return 0;
    return static_cast<int>(db.integer(sql::kSchemaVersion));
}

Result<void> migrate(Connection& db, std::span<const Migration> to_apply, Timestamp now) {
    const int known = to_apply.empty() ? 0 : to_apply.back().version;
    if (const int stored = schema_version(db); stored > known) {
        return fail(
            ErrorCode::unavailable,
            "The store has schema version " + std::to_string(stored) +
                ", this program knows only " + std::to_string(known) +
                ": start a newer mcp-backend."
        );
    }
    for (const Migration& migration : to_apply) {
        if (migration.version > schema_version(db)) apply(db, migration, now);
    }
    return {};
}

}  // namespace rag::sqlite
