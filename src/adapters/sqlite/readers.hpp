#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "application/call_context.hpp"
#include "condition.hpp"
#include "connection.hpp"
#include "infrastructure/pool.hpp"
#include "sql.hpp"

namespace rag::sqlite {

struct ReaderOptions {
    ConnectionOptions connection;
    std::size_t connections_max = 1;
    std::size_t waiting_max = 1;
};

/// Connections that only read, as many as there are threads that use them; each is opened when it
/// is first needed. A read is interrupted at its deadline.
class Readers {
public:
    Readers(ReaderOptions options, StoreCondition& condition, Deadlines& deadlines);

    /// Runs `work`, a Result<T>(TenantConnection&) that owns its data, within one snapshot, on
    /// behalf of the context's tenant.
    template <class Work>
    Task<std::invoke_result_t<Work&, TenantConnection&>> run(Work work, CallContext context);

    std::int64_t connections_open() const;
    std::int64_t connections_in_use() const { return static_cast<std::int64_t>(pool_.running()); }
    std::int64_t waiting() const { return static_cast<std::int64_t>(pool_.waiting()); }

private:
    std::unique_ptr<Connection> lease();
    void give_back(std::unique_ptr<Connection> connection);
    void dropped();

    template <class Work>
    std::invoke_result_t<Work&, TenantConnection&> read(Work& work, const CallContext& context);

    ReaderOptions options_;
    StoreCondition& condition_;
    mutable std::mutex mutex_;  // Guards the next two.
    std::vector<std::unique_ptr<Connection>> idle_;
    std::int64_t open_ = 0;
    BoundedPool pool_;  // Last: its threads use all of the above.
};

template <class Work>
std::invoke_result_t<Work&, TenantConnection&> Readers::read(
    Work& work, const CallContext& context
) {
    try {
        std::unique_ptr<Connection> connection = lease();
        try {
            connection->set_deadline(context.deadline);
            connection->run(sql::kBeginRead);
            TenantConnection db(*connection, context.tenant());
            auto answer = work(db);
            connection->run(sql::kCommit);
            connection->clear_deadline();
            give_back(std::move(connection));
            return answer;
        } catch (...) {
            dropped();  // In whatever state it is: the next read opens another.
            throw;
        }
    } catch (const SqliteError& failure) {
        return tl::unexpected(to_error(failure));
    }
}

template <class Work>
Task<std::invoke_result_t<Work&, TenantConnection&>> Readers::run(Work work, CallContext context) {
    const Deadline deadline = context.deadline;
    if (!condition_.is_open()) {
        Result<void> open = co_await condition_.await_open(deadline);
        if (!open) co_return tl::unexpected<Error>(std::move(open.error()));
    }
    auto job = [this, work = std::move(work), context = std::move(context)]() mutable {
        return read(work, context);
    };
    co_return co_await on_pool(pool_, std::move(job), deadline);
}

}  // namespace rag::sqlite
