#include "verify.hpp"

#include <string>

#include "domain/limits.hpp"
#include "index_loader.hpp"
#include "reads.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

class Problems {
public:
    /// Whose they are, from now on. The default tenant needs no naming where it is the only one.
    void begin(const TenantId& tenant) {
        const bool named = tenant.value != kDefaultTenant;
        whose_ = named ? "tenant " + tenant.value + ": " : "";
    }

    void add(const std::string& problem) {
        if (lines_.size() < limits::kRowsMax) {
            lines_.push_back(whose_ + problem);
        } else {
            ++more_;
        }
    }

    void add_if_different(const std::string& what, std::int64_t kept, std::int64_t counted) {
        if (kept == counted) return;
        add(what + ": " + std::to_string(kept) + " noted, " + std::to_string(counted) + " counted");
    }

    std::vector<std::string> finish() && {
        if (more_ > 0) lines_.push_back("and " + std::to_string(more_) + " more");
        return std::move(lines_);
    }

private:
    std::string whose_;
    std::vector<std::string> lines_;
    std::size_t more_ = 0;
};

void check_file(Connection& db, Problems& problems) {
    Cursor row = db.query(sql::kIntegrityCheck);
    while (row.next()) {
        if (row.text(0) != "ok") problems.add("file: " + row.text(0));
    }
    Cursor broken = db.query(sql::kForeignKeyCheck);
    while (broken.next()) {
        problems.add("row of " + broken.text(0) + " without its row of " + broken.text(2));
    }
}

/// Each query gives the rows that break a rule: what it is about, and which one.
void check_rules(TenantConnection& db, Problems& problems) {
    for (const TenantStatement& rule : sql::kVerifyRules) {
        Cursor row = db.query(rule);
        while (row.next()) problems.add(row.text(0) + " " + std::to_string(row.integer(1)));
    }
}

void check_counts(TenantConnection& db, const StoreCounts& counts, Problems& problems) {
    Cursor row = db.query(sql::kRecount);
    row.next();
    problems.add_if_different("conversations", counts.conversations, row.integer(0));
    problems.add_if_different("messages", counts.messages, row.integer(1));
    problems.add_if_different("chunks", counts.chunks, row.integer(2));
    problems.add_if_different("length of terms", row.integer(4), row.integer(3));
}

/// A snapshot that the tenant's index is level with: writes go on meanwhile, so look again until
/// they meet.
std::optional<IndexLevel> level_with(
    TenantConnection& db, const std::function<IndexLevel(const TenantId&)>& index
) {
    constexpr int kLooks = 1'000;
    for (int look = 0; look < kLooks; ++look) {
        db.store().run(sql::kCommit);
        db.store().run(sql::kBeginRead);
        const std::int64_t seq = db.integer(sql::kCounter, "change_seq");
        IndexLevel held = index(db.tenant());
        if (held.level.change_seq == seq) return held;
    }
    return std::nullopt;
}

void add(StoreCounts& sum, const StoreCounts& counts) {
    sum.conversations += counts.conversations;
    sum.messages += counts.messages;
    sum.chunks += counts.chunks;
    sum.chunks_without_embedding += counts.chunks_without_embedding;
}

StoreCounts check_tenant(
    TenantConnection& db,
    const std::function<IndexLevel(const TenantId&)>& index,
    Problems& problems
) {
    const std::optional<IndexLevel> held = level_with(db, index);
    const std::int64_t space_id = held ? held->level.space_id : 0;
    const StoreCounts noted = counts(db, space_id);
    check_rules(db, problems);
    check_counts(db, noted, problems);
    if (!held) {
        problems.add("the index does not come level with the tables");
        return noted;
    }
    const std::int64_t embedded = db.integer(sql::kCountEmbeddings, space_id);
    problems.add_if_different(
        "chunks with an embedding", noted.chunks - noted.chunks_without_embedding, embedded
    );
    const auto chunks = static_cast<std::int64_t>(held->stats.chunks);
    problems.add_if_different("chunks in the index", chunks, noted.chunks);
    const auto vectors = static_cast<std::int64_t>(held->stats.chunks_embedded);
    problems.add_if_different("embeddings in the index", vectors, embedded);
    return noted;
}

}  // namespace

VerifyReport verify(Connection& db, const std::function<IndexLevel(const TenantId&)>& index) {
    VerifyReport report;
    Problems problems;
    check_file(db, problems);
    for (const TenantId& tenant : tenants_of(db)) {
        problems.begin(tenant);
        TenantConnection of_tenant(db, tenant);
        add(report.counts, check_tenant(of_tenant, index, problems));
    }
    report.problems = std::move(problems).finish();
    return report;
}

}  // namespace rag::sqlite
