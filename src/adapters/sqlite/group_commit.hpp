#pragma once

#include <map>
#include <optional>
#include <vector>

#include "condition.hpp"
#include "index_registry.hpp"
#include "purge.hpp"
#include "store_log.hpp"
#include "write_queue.hpp"
#include "writer_options.hpp"

namespace rag::sqlite {

/// One transaction for requests that wait together, each in a savepoint of its own and on behalf of
/// its own tenant. The order is: commit, then the indexes in memory; answering is the caller's.
class GroupCommit {
public:
    GroupCommit(
        const WriterOptions& options,
        StoreCondition& condition,
        IndexRegistry& indexes,
        const StoreLog& log
    );

    /// What the group changed, committed and not yet in the indexes.
    struct Committed {
        struct OfTenant {
            bool known = false;                    // Something is stored for it.
            std::optional<std::int64_t> space_id;  // Not looked up since the space changed.
            std::vector<IndexBatch> batches;
            TenantLevel level;
        };
        EmbeddingSpace space;
        std::map<TenantId, OfTenant> tenants;
    };

    /// Runs every job, and commits. Throws SqliteError if nothing of it can be kept; the jobs are
    /// the caller's to refuse then.
    Committed run(Connection& db, WriteGroup& group);

    /// Tells the indexes. False: the space has changed, so they must be built anew.
    bool publish(Committed committed);

private:
    void execute(Connection& db, WriteJob& job, Committed& group, Timestamp now);

    const WriterOptions& options_;
    StoreCondition& condition_;
    IndexRegistry& indexes_;
    const StoreLog& log_;
    Purge purge_;
};

}  // namespace rag::sqlite
