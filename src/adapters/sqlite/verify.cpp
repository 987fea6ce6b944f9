#include "verify.hpp"

#include <string>

#include "reads.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

constexpr std::size_t kProblemsMax = 100;

class Problems {
public:
    void add(std::string problem) {
        if (lines_.size() < kProblemsMax) {
            lines_.push_back(std::move(problem));
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
void check_rules(Connection& db, Problems& problems) {
    for (const char* rule : sql::kVerifyRules) {
        Cursor row = db.query(rule);
        while (row.next()) problems.add(row.text(0) + " " + std::to_string(row.integer(1)));
    }
}

void check_counts(Connection& db, const StoreCounts& counts, Problems& problems) {
    Cursor row = db.query(sql::kRecount);
    row.next();
    problems.add_if_different("conversations", counts.conversations, row.integer(0));
    problems.add_if_different("messages", counts.messages, row.integer(1));
    problems.add_if_different("chunks", counts.chunks, row.integer(2));
    problems.add_if_different("length of terms", row.integer(4), row.integer(3));
}

/// A snapshot that the index is level with: writes go on meanwhile, so look again until they meet.
std::optional<ChunkIndexStats> level_with(
    Connection& db, const std::function<IndexLevel()>& index
) {
    constexpr int kLooks = 1'000;
    for (int look = 0; look < kLooks; ++look) {
        db.run(sql::kCommit);
        db.run(sql::kBeginRead);
        const std::int64_t seq = db.integer(sql::kCounter, "change_seq");
        const IndexLevel state = index();
        if (state.change_seq == seq) return state.stats;
    }
    return std::nullopt;
}

}  // namespace

VerifyReport verify(
    Connection& db, const ActiveSpace& space, const std::function<IndexLevel()>& index
) {
    VerifyReport report;
    Problems problems;
    const std::optional<ChunkIndexStats> stats = level_with(db, index);
    report.counts = counts(db, space);
    check_file(db, problems);
    check_rules(db, problems);
    check_counts(db, report.counts, problems);
    const std::int64_t embedded = db.integer(sql::kCountEmbeddings, space.id);
    problems.add_if_different(
        "chunks with an embedding",
        report.counts.chunks - report.counts.chunks_without_embedding,
        embedded
    );
    if (stats) {
        const auto chunks = static_cast<std::int64_t>(stats->chunks);
        problems.add_if_different("chunks in the index", chunks, report.counts.chunks);
        const auto vectors = static_cast<std::int64_t>(stats->chunks_embedded);
        problems.add_if_different("embeddings in the index", vectors, embedded);
    } else {
        problems.add("the index does not come level with the tables");
    }
    report.problems = std::move(problems).finish();
    return report;
}

}  // namespace rag::sqlite
