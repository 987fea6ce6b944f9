#include "group_commit.hpp"

#include "index_loader.hpp"
#include "spaces.hpp"
#include "sql.hpp"
#include "sqlite_failures.hpp"

namespace rag::sqlite {

namespace {

/// Between `begin` and `end` a commit that lasts shows as a failure.
class CommitClock {
public:
    explicit CommitClock(StoreCondition& condition) : condition_(condition) {
        condition_.begin_commit();
    }
    ~CommitClock() { condition_.end_commit(); }
    CommitClock(const CommitClock&) = delete;
    CommitClock& operator=(const CommitClock&) = delete;

private:
    StoreCondition& condition_;
};

}  // namespace

GroupCommit::GroupCommit(
    const WriterOptions& options,
    StoreCondition& condition,
    IndexRegistry& indexes,
    const StoreLog& log
)
    : options_(options),
      condition_(condition),
      indexes_(indexes),
      log_(log),
      purge_(options.changes_kept) {}

GroupCommit::Committed GroupCommit::run(Connection& db, WriteGroup& group) {
    const CommitClock clock(condition_);
    Committed committed;
    committed.space = indexes_.space();
    db.run(sql::kBeginWrite);
    const Timestamp now = options_.clock();
    for (std::unique_ptr<WriteJob>& job : group) execute(db, *job, committed, now);
    purge_.run(db, now);
    if (options_.acknowledge_before_commit) {
        for (std::unique_ptr<WriteJob>& job : group) job->answer();
        group.clear();
    }
    // Nothing is read after the commit: if that failed, what is on disk would be refused.
    for (auto& [tenant, changed] : committed.tenants) {
        TenantConnection of_tenant(db, tenant);
        if (!changed.space_id) changed.space_id = find_space(of_tenant, committed.space);
        changed.level = read_level(of_tenant, *changed.space_id);
    }
    db.run(sql::kCommit);
    return committed;
}

void GroupCommit::execute(Connection& db, WriteJob& job, Committed& group, Timestamp now) {
    const TenantId& tenant = job.tenant();
    auto [place, first] = group.tenants.try_emplace(tenant);
    Committed::OfTenant& changed = place->second;
    if (first) changed.known = indexes_.has(tenant);
    db.run(sql::kSavepoint);
    TenantConnection of_tenant(db, tenant);
    if (!changed.space_id) changed.space_id = find_space(of_tenant, group.space);
    WriteSession session{
        of_tenant,
        now,
        options_.analyzer_version(),
        changed.known,
        group.space,
        *changed.space_id,
        {}};
    bool kept = false;
    try {
        kept = job.execute(session);
    } catch (const SqliteError& failure) {
        if (ends_transaction(failure) || !db.in_transaction()) throw;
        log_.say(LogLevel::error, "SQLite failed within a write", failure.what());
        job.fail(to_error(failure));
    } catch (const std::exception&) {
        job.fail({ErrorCode::internal, "Unexpected failure inside a write.", {}});
    }
    if (!kept) db.run(sql::kRollbackToSavepoint);
    db.run(sql::kReleaseSavepoint);
    if (!kept) return;

    changed.known = session.tenant_known;
    changed.space_id = session.space_id;
    if (!session.index.added.empty() || !session.index.removed.empty()) {
        changed.batches.push_back(std::move(session.index));
    }
    if (session.space == group.space) return;
    group.space = std::move(session.space);
    for (auto& [id, other] : group.tenants) other.space_id.reset();
}

bool GroupCommit::publish(Committed committed) {
    if (committed.space != indexes_.space()) return false;
    for (auto& [tenant, changed] : committed.tenants) {
        if (changed.known) indexes_.apply(tenant, std::move(changed.batches), changed.level);
    }
    return true;
}

}  // namespace rag::sqlite
