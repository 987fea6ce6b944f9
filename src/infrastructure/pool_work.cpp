#include "infrastructure/pool_work.hpp"

namespace rag {

Task<Result<void>> PoolWork::run(std::function<void()> job, CallContext context) {
    auto work = [job = std::move(job)]() -> Result<void> {
        job();
        return {};
    };
    co_return co_await on_pool(pool_, std::move(work), context.deadline);
}

}  // namespace rag
