#include "purge.hpp"

#include "answers.hpp"
#include "index_loader.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

// Rows of each kind in a turn, of all tenants together.
constexpr std::int64_t kPurgedAtOnce = 500;
constexpr std::int64_t kPurgeEveryMs = 60'000;

std::int64_t trim_changes(TenantConnection& db, std::int64_t kept, std::int64_t limit) {
    const std::int64_t last = db.integer(sql::kCounter, "change_seq");
    db.run(sql::kTrimChanges, last - kept, limit);
    return db.changes();
}

}  // namespace

void Purge::run(Connection& db, Timestamp now) {
    if (now.ms - purged_at_.ms < kPurgeEveryMs) return;
    std::int64_t changes_left = kPurgedAtOnce;
    std::int64_t answers_left = kPurgedAtOnce;
    for (const TenantId& tenant : tenants_of(db)) {
        TenantConnection of_tenant(db, tenant);
        changes_left -= trim_changes(of_tenant, changes_kept_, changes_left);
        answers_left -= purge_answers(of_tenant, now, answers_left);
    }
    // After a full turn there may be more, so the next commit goes on.
    if (changes_left > 0 && answers_left > 0) purged_at_ = now;
}

}  // namespace rag::sqlite
